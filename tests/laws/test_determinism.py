"""One seed gives the same world: nothing reads the wall clock, the machine's randomness or a hash that changes per process."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.laws.source_tree import Module, calls, dotted_names, is_under, plant, project_sources

WALL_CLOCK = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.ctime",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
STOPWATCH = {"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns", "time.process_time"}
MACHINE_RANDOMNESS = {
    "faker.Faker.seed",
    "os.getrandom",
    "os.urandom",
    "random.SystemRandom",
    "secrets",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid7",
}
UNSEEDED_WITHOUT_ARGUMENTS = {"random.Random"}

ALLOWED = {
    (
        "apitwin_contracts.targets.clock",
        "datetime.datetime.now",
    ): "a sandbox lives in the world's time, which only the world knows",
    (
        "apitwin_contracts.cli.wall",
        "datetime.datetime.now",
    ): "a report says when its run started, a served mock's clock runs, and recordings have an age",
}
"""(module, name) of the few places that may, each with its reason; an entry that nothing needs any more is an error."""


def unpredictable(module: Module) -> list[tuple[str, str]]:
    """Give (place, name) of each look at something that differs from run to run."""
    named = [(module.at(node), name) for name, node in dotted_names(module) if _is_unpredictable(module, name)]
    called = [
        (module.at(node), f"{name}()")
        for name, node in calls(module)
        if (name in UNSEEDED_WITHOUT_ARGUMENTS and not (node.args or node.keywords))
        or (name == "builtins.hash" and not _in_hash_method(module, node))
        or (name == "faker.Faker" and ".seed_instance(" not in module.text)
    ]
    return named + called


def _is_unpredictable(module: Module, name: str) -> bool:
    # A stopwatch is no clock, but a mock that measures itself would write a different journal each time.
    stopwatch = STOPWATCH if is_under(module.name, "apitwin_mocks", "apitwin_fixtures") else set()
    return is_under(name, *WALL_CLOCK, *MACHINE_RANDOMNESS, *stopwatch) or _is_global_random(name)


def _is_global_random(name: str) -> bool:
    owner, _, function = name.rpartition(".")
    return owner == "random" and function.islower()


def _in_hash_method(module: Module, call: ast.Call) -> bool:
    methods = (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef) and node.name == "__hash__")
    return any(inner is call for method in methods for inner in ast.walk(method))


def surprises(modules: Iterable[Module], allowed: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Give each unpredictable place that is not allowed, and each allowance that no place needs."""
    found = [(module.name, name, place) for module in modules for place, name in unpredictable(module)]
    idle = set(allowed) - {(module, name) for module, name, _ in found}
    return [f"{place} {name}" for module, name, place in found if (module, name) not in set(allowed)] + [
        f"{module} no longer needs {name}" for module, name in sorted(idle)
    ]


def test_nothing_differs_from_run_to_run() -> None:
    assert surprises(project_sources(), ALLOWED) == []


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now(tz)",
        "import datetime as d\nx = d.datetime.utcnow()",
        "from time import time as t\nx = field(default_factory=t)",
        "import time\nx = time.perf_counter()",
        "import random\nx = random.choice(y)",
        "from random import shuffle\nshuffle(x)",
        "import random\nx = random.Random()",
        "import secrets\nx = secrets.token_hex()",
        "from uuid import uuid4\nx = uuid4()",
        "x = hash('a')",
        "from faker import Faker\nx = Faker()",
        "from faker import Faker\nFaker.seed(0)",
    ],
)
def test_a_surprise_is_seen(tmp_path: Path, text: str) -> None:
    assert len(surprises(plant(tmp_path, {"mocks/apitwin_mocks/a.py": text}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import random\nx = random.Random(0).choice(y)",
        "from datetime import UTC, datetime\nx = datetime(2026, 1, 1, tzinfo=UTC)",
        "class A:\n    def __hash__(self):\n        return hash(self.x)",
        "x = clock.now()",
        "from faker import Faker\nx = Faker()\nx.seed_instance(0)",
        "secrets = [time.time for time in x]",
        "import uuid\nx = uuid.UUID(int=generator.getrandbits(128), version=4)",
    ],
)
def test_the_predictable_is_left_alone(tmp_path: Path, text: str) -> None:
    assert surprises(plant(tmp_path, {"mocks/apitwin_mocks/a.py": text})) == []


def test_a_contract_may_stop_the_time_it_took(tmp_path: Path) -> None:
    assert (
        surprises(plant(tmp_path, {"contracts/apitwin_contracts/a.py": "import time\nx = time.perf_counter()"})) == []
    )


def test_an_allowance_holds_for_one_place_and_must_be_needed(tmp_path: Path) -> None:
    planted = plant(tmp_path, {"contracts/apitwin_contracts/a.py": "import time\nx = time.time()"})
    assert surprises(planted, [("apitwin_contracts.a", "time.time")]) == []
    assert surprises([], [("apitwin_contracts.a", "time.time")]) == ["apitwin_contracts.a no longer needs time.time"]
