"""`apitwin record --proxy`: a client of the user's own speaks through us, and its conversation becomes cassettes."""

import sys
from threading import Event

from apitwin_contracts.record.proxy import Proxied, run_proxy, wait_until
from apitwin_contracts.record.scrubbing import Scrubber
from apitwin_contracts.record.session import version_of
from apitwin_contracts.registry import load_contracts
from apitwin_contracts.reports.wording import amount
from apitwin_contracts.targets.addresses import Directory

from .record import RecordOptions, folder_of
from .wall import now

__all__ = ["proxy_supplier"]

_FINE, _NOTHING = 0, 4


def proxy_supplier(name: str, options: RecordOptions, listen: str) -> int:
    """Pass a client's requests on until Ctrl-C, write the cassettes and give the exit code; raises `UsageError` before anything is sent."""
    contract = load_contracts([name])[name]
    url, settings, known = Directory(options.target, options.config).base(contract)
    folder = options.into or folder_of(name)
    secrets = {f"{customer}.{key}": value for customer, given in known.items() for key, value in given.items()}
    when = now().isoformat(timespec="seconds").replace("+00:00", "Z")
    metadata = {"who": options.by, "when": when, "contract": version_of(contract)}

    def during(here: str, stopped: Event) -> None:
        _say(f"{name} at {url}: give your client the base URL {here}")
        _say("Stop with Ctrl-C: then the recording is scrubbed and written.")
        wait_until(stopped)

    scrubber = Scrubber(contract, secrets)
    proxied = run_proxy(contract, url, listen, folder, scrubber, settings=settings, metadata=metadata, during=during)
    return _told(name, proxied)


def _told(name: str, proxied: Proxied) -> int:
    for missed in proxied.missed:
        _say(f"not recorded: {missed}")
    for path in proxied.files:
        _say(f"  {path}")
    _say(f"{name}: {amount(len(proxied.files), 'cassette')} with {amount(proxied.exchanges, 'exchange')}")
    return _FINE if proxied.files else _NOTHING


def _say(sentence: str) -> None:
    print(sentence, file=sys.stdout, flush=True)
