"""Runs of the installed command."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Command", "Served", "Shown"]

_COMMAND = Path(sys.executable).parent / "apitwin"
Shown = subprocess.CompletedProcess[str]


@dataclass
class Served:
    """A running `apitwin serve` or `replay`: where it is, what it said, and how it ended."""

    process: subprocess.Popen[str]
    url: str
    greeting: str
    rest: str = ""

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.rest = self.process.communicate(timeout=20)[0]
        return self.process.returncode


@dataclass(frozen=True)
class Command:
    """The command in a folder and an environment."""

    folder: Path
    environment: dict[str, str]
    patience: int = 120

    def __call__(self, *words: str, **more: str) -> Shown:
        return subprocess.run(
            [_COMMAND, *words],
            cwd=self.folder,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=self.patience,
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [_COMMAND, *words], cwd=self.folder, env=self.environment, stdout=pipe, stderr=pipe, text=True
        )

    def serve(self, *words: str) -> AbstractContextManager[Served]:
        return self._serving("serve", *words)

    def replay(self, *words: str) -> AbstractContextManager[Served]:
        return self._serving("replay", *words)

    @contextmanager
    def _serving(self, *words: str) -> Iterator[Served]:
        with self.start(*words, "--port", "0") as process:
            assert process.stdout
            lines = [process.stdout.readline()]
            while lines[-1] and "Stop with" not in lines[-1]:
                lines.append(process.stdout.readline())
            greeting = "".join(lines)
            running = Served(process, greeting.partition(" at ")[2].partition(" ")[0], greeting)
            try:
                yield running
            finally:
                if process.poll() is None:
                    running.interrupt()
