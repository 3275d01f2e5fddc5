"""One recording from its first request to its last: what is asked, what is kept of it, and what is cleaned up."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path
from typing import Any

from apitwin_contracts.contract import Contract
from apitwin_contracts.errors import UnreachableError
from apitwin_contracts.run import Run
from apitwin_contracts.suite.guard import Guarded
from apitwin_contracts.suite.preflight import check_reachable
from apitwin_contracts.targets.addresses import Address
from apitwin_contracts.targets.manners import Purse, SpentError

from .kept import Kept
from .scrubbing import Scrubber
from .tour import Stop, Toured, stops, tour
from .undo import Cleaned
from .writing import write_recording

__all__ = ["Recorded", "Recording", "stamp", "version_of"]


@dataclass
class Recorded:
    """What came of a recording; `unreachable` tells why the target gave no more answers, `unclean` that cleaning up was broken off."""

    toured: Toured = field(default_factory=Toured)
    cleaned: Cleaned = field(default_factory=lambda: Cleaned(0, ()))
    unreachable: str = ""
    interrupted: bool = False
    unclean: bool = False
    requests: int = 0
    files: tuple[Path, ...] = ()


class Recording:
    """Records one supplier's target; nothing is written before it is scrubbed, and nothing is left on the target that can be taken back."""

    def __init__(
        self,
        contract: Contract,
        address: Address,
        notice: Callable[[str], None],
        *,
        seed: int = 0,
        read_only: bool = False,
    ) -> None:
        self._contract = contract
        self._address = address
        self._purse = Purse(address.limits)
        self._kept = Kept(contract, address, self._purse, notice)
        self._target = Guarded(self._kept.target)
        self._seed = seed
        self._read_only = read_only

    def stops(self, only: Iterable[str] = ()) -> list[Stop]:
        """Plan the tour; `only` names operations, kinds, cassettes or patterns of them."""
        wanted = [text.lower() for text in only]
        chosen = [stop for stop in stops(self._contract) if not wanted or any(_fits(stop, text) for text in wanted)]
        # Should the budget end it early, what was never recorded or long ago has had its turn; what reads comes before what writes.
        days = {cassette.name: cassette.recorded for cassette in self._contract.fixtures.cassettes}
        return sorted(chosen, key=lambda stop: (stop.writes, days.get(stop.name, "")))

    def take(self, planned: Iterable[Stop], by: str, now: datetime, tell: Callable[[Stop], None]) -> Recorded:
        """Tour the target and clean up after it, also when it was interrupted or gave no more answers."""
        recorded = Recorded()
        try:
            check_reachable(self._run())
            for toured in tour(self._run(), planned, self._metadata(by, now), tell):
                recorded.toured = toured
        except UnreachableError as error:
            recorded.unreachable = str(error)
        except SpentError as error:
            recorded.toured.ended = str(error)
        except KeyboardInterrupt:
            recorded.interrupted = True
        try:
            recorded.cleaned = self._kept.clean()
        except KeyboardInterrupt:
            recorded.interrupted = recorded.unclean = True
        recorded.requests = self._purse.sent
        return recorded

    def write(self, recorded: Recorded, folder: Path) -> None:
        """Write the cassettes, all or none; raises `LeakError` when a secret would stay."""
        scrubber = Scrubber(self._contract, dict(self._secrets()))
        for cassette in recorded.toured.cassettes:
            # Whatever was shown as a token is a secret, however it was spoilt before.
            for exchange in cassette.exchanges:
                shown = (exchange.request.header("authorization") or "").split()[-1:]
                for token in shown:
                    scrubber.learn("token", token)
        recorded.files = tuple(write_recording(folder, recorded.toured.cassettes, scrubber))

    def _run(self) -> Run:
        address = self._address
        others = dict(address.others)
        return Run(
            self._contract, self._target, address.credentials, seed=self._seed, read_only=self._read_only, others=others
        )

    def _secrets(self) -> Iterator[tuple[str, str]]:
        yield from self._address.credentials.items()
        for customer, given in self._address.others.items():
            yield from ((f"{customer}.{name}", value) for name, value in given.items())

    def _metadata(self, by: str, now: datetime) -> Mapping[str, Any]:
        url = self._address.label
        where = f"a mock of apitwin at {url}" if self._target.clock.movable else url
        # A mock's time may be another than the world's, and what it tells of days is told by its own.
        moment = {"moment": stamp(self._target.clock.now())} if self._target.clock.movable else {}
        return {
            **moment,
            "supplier": self._contract.supplier,
            "source": {"kind": "observed", "where": where},
            "recorded": now.date().isoformat(),
            "when": stamp(now),
            "who": by,
            "target": url,
            "contract": version_of(self._contract),
        }


def _fits(stop: Stop, text: str) -> bool:
    names = (stop.operation, stop.kind, stop.name, stop.name.removeprefix("seen-"), stop.expected or "")
    return any(fnmatchcase(name.lower(), text) for name in names)


def stamp(instant: datetime) -> str:
    """Write an instant as cassettes do."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def version_of(contract: Contract) -> Mapping[str, str]:
    """Tell one version of a contract from another: ours, and a digest of its schemas."""
    return {"apitwin": version("apitwin"), "schema": contract.fixtures.digest}
