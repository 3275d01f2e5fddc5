"""Worker processes that try mutants: a mutant patches a mock's rules in place, so that no two can be played in one process at once."""

import multiprocessing
import signal
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Literal, Self

from hypothesis.errors import HypothesisWarning

from apitwin_contracts.drift import Control, Trial

from .catalogue import mutants_of
from .mutant import Mutant
from .paired import compare_mutant, compare_undrifted
from .trial import By, Course, control, try_mutant

__all__ = ["Broken", "Crew", "Job", "Overdue", "Result"]

_GRACE = 60.0
_BY: dict[By, tuple[Callable[[str, Course], Control], Callable[[Mutant, Course], Trial]]] = {
    "check": (control, try_mutant),
    "compare": (compare_undrifted, compare_mutant),
}


@dataclass(frozen=True)
class Job:
    """A supplier's undrifted run, or one mutant of it by name."""

    kind: Literal["control", "mutant"]
    supplier: str
    course: Course
    mutant: str = ""


@dataclass(frozen=True)
class Broken:
    """A bug of ours outside any check, with its traceback."""

    job: Job
    traceback: str


@dataclass(frozen=True)
class Overdue:
    """A job that did not come back in time; its worker was ended."""

    job: Job


Result = Control | Trial | Broken | Overdue


class _Worker:
    """One process with the line to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        # No daemon, because it may need a mock in a process of its own; it ends with its line.
        self.process = context.Process(target=_work, args=(theirs,))
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.drifted: dict[str, Course] = {}
        self._since = 0.0

    def give(self, job: Job) -> None:
        self.job, self._since = job, time.monotonic()
        if job.kind == "mutant":
            self.drifted[job.supplier] = job.course
        self.line.send(job)

    def is_overdue(self) -> bool:
        return self.job is not None and time.monotonic() - self._since > self.job.course.patience + _GRACE

    def end(self) -> None:
        # Nothing that a worker does is worth waiting for, and it may have been told to take no notice of a gentler signal.
        self.process.kill()
        self.process.join()
        self.line.close()


class Crew:
    """So many workers, while in a `with` block."""

    def __init__(self, size: int) -> None:
        self._size = max(1, size)
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.end()

    def results(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Give the jobs' results as they come."""
        waiting = deque(jobs)
        while len(self._workers) < min(self._size, len(waiting)):
            self._workers.append(_Worker())
        yield from self._shared_out([waiting] * len(self._workers))

    def controls(self) -> Iterator[Result]:
        """Give an undrifted run of each supplier by each worker that has played mutants of it: none may have left anything behind."""
        yield from self._shared_out(
            [
                deque(Job("control", supplier, course) for supplier, course in worker.drifted.items())
                for worker in self._workers
            ]
        )

    def _shared_out(self, waiting: Sequence[deque[Job]]) -> Iterator[Result]:
        while any(waiting) or any(worker.job for worker in self._workers):
            for worker, jobs in zip(self._workers, waiting, strict=True):
                if jobs and not worker.job:
                    worker.give(jobs.popleft())
            yield from self._heard()

    def _heard(self) -> Iterator[Result]:
        ready = wait([worker.line for worker in self._workers if worker.job], 1.0)
        for place, worker in enumerate(self._workers):
            if worker.job and worker.line in ready:
                yield self._answer(place, worker, worker.job)
            elif worker.job and worker.is_overdue():
                yield self._replaced(place, Overdue(worker.job))

    def _answer(self, place: int, worker: _Worker, job: Job) -> Result:
        try:
            result: Result = worker.line.recv()
        except (EOFError, OSError):
            return self._replaced(place, Broken(job, "the worker process ended without a word"))
        worker.job = None
        return result

    def _replaced(self, place: int, result: Result) -> Result:
        self._workers[place].end()
        self._workers[place] = _Worker()
        return result


def _work(line: "Connection[Result, Job]") -> None:
    # Ctrl-C goes to all processes of a terminal; the one that started us decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Hypothesis warns of the size of what it failed on, which is a drifted reply and nobody's fault.
    warnings.simplefilter("ignore", HypothesisWarning)
    while True:
        try:
            job: Job = line.recv()
        except (EOFError, OSError):
            return
        line.send(_done(job))


def _done(job: Job) -> Result:
    try:
        undrifted, drifted = _BY[job.course.by]
        if job.kind == "control":
            return undrifted(job.supplier, job.course)
        mutant = next(one for one in mutants_of(job.supplier, job.course.seed) if one.name == job.mutant)
        return drifted(mutant, job.course)
    except Exception:  # noqa: BLE001 - whatever it is, it is told with its traceback where somebody reads it
        return Broken(job, traceback.format_exc())
