"""The pytest plugin of the suites: `-p apitwin_contracts.suite.plugin`. It declares the options and brings the rest when all plugins are loaded."""

import pytest

from .storage import keep_out_of_the_way

__all__ = ["pytest_addoption", "pytest_sessionstart"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; they read as the command's flags do."""
    group = parser.getgroup("apitwin", "contract suites")
    for name, text in (
        ("supplier", "a supplier to examine (several: again, or with commas; none: all)"),
        ("only", "run only this check, category, operation or pattern"),
        ("skip", "leave out this check, category, operation or pattern"),
    ):
        group.addoption(f"--apitwin-{name}", action="append", default=[], help=text)
    group.addoption(
        "--apitwin-target", default="mock", help="mock, a URL (may hold {supplier}) or a name of apitwin.toml"
    )
    group.addoption("--apitwin-profile", default="ci", help="quick, ci or deep")
    group.addoption("--apitwin-seed", type=int, default=0, help="the same seed sends the same requests")
    group.addoption("--apitwin-products", type=int, default=500, help="how many products the mock in process has")
    group.addoption("--apitwin-config", default=None, help="read this file instead of the nearest apitwin.toml")
    group.addoption("--apitwin-news", default=None, help="ask first where this earlier JSON report has findings")
    group.addoption("--apitwin-budget", type=int, default=None, help="send so many requests at most")
    group.addoption("--apitwin-rate", type=float, default=None, help="send so many requests a minute at most")
    group.addoption("--apitwin-max-orders", type=int, default=None, help="create so many things at most")
    group.addoption("--apitwin-max-spend", default=None, help="order for so much at most, in the supplier's currency")
    group.addoption("--apitwin-read-only", action="store_true", default=False, help="send nothing that changes state")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Load the suites' hooks."""
    keep_out_of_the_way()
    # Imported here: these bring Hypothesis, which may compute nothing before a session has started.
    from . import hooks  # noqa: PLC0415 - see above

    hooks.make_plan(session.config)
    session.config.pluginmanager.register(hooks, "apitwin-suite")
