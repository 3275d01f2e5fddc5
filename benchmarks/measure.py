"""Measures what the README and the release notes state: `python benchmarks/measure.py`, on a quiet machine.

Every figure is printed with its unit; a ratio of two figures of one run says more than any of them alone.
"""

import asyncio
import http.client
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from apitwin_fixtures import Request
from apitwin_mocks.registry import load_suppliers, supplier_names
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding

__all__ = ["main"]

_APITWIN = (str(Path(sys.executable).with_name("apitwin")),)
_LONGEST_START = 20.0
_SESSIONS = 10_000
_PRODUCTS = 50_000
_PROBES = {
    "axro": Request(
        "POST", "/axro/gql/v1", headers=(("content-type", "application/json"),), body=b'{"query":"{ __typename }"}'
    ),
    "oxomi": Request("GET", "/oxomi/portals/api/v3/products/changed"),
}


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _first_answer() -> float:
    """Start the command and wait for the first data of a supplier."""
    port = _free_port()
    started = time.perf_counter()
    command = [*_APITWIN, "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own command
        try:
            while not _answers(port) and process.poll() is None and time.perf_counter() - started < _LONGEST_START:
                time.sleep(0.005)
            if process.poll() is not None:
                message = f"apitwin serve ended with {process.returncode}"
                raise RuntimeError(message)
            return time.perf_counter() - started
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        headers = {"content-type": "application/json", "authorization": "Bearer YOUR_ACCESS_TOKEN"}
        connection.request("POST", "/axro/gql/v1", b'{"query":"{ products(limit: 1) { totalPages } }"}', headers)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _generation(supplier: str) -> float:
    server = Server(load_suppliers([supplier]), Seeding(products=_PRODUCTS))
    return _timed(lambda: server.catalogue(supplier))


def _session_bytes() -> float:
    """Give the memory of one idle session: named, asked one question of each supplier that has a probe, and left alone."""
    server = Server(load_suppliers(_PROBES), Seeding())

    async def touch(name: str) -> None:
        for probe in _PROBES.values():
            await server.answer(Request(probe.method, f"/s/{name}{probe.path}", probe.query, probe.headers, probe.body))

    asyncio.run(touch("warm"))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]

    async def touch_all() -> None:
        for number in range(_SESSIONS):
            await touch(f"s{number}")

    asyncio.run(touch_all())
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / _SESSIONS


def _suites(*more: str) -> float:
    command = [*_APITWIN, "check", *more]
    return _timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))  # noqa: S603 - our own command


def main() -> None:
    """Print every figure."""
    say = sys.stdout.write
    say(f"start to first answer       {min(_first_answer() for _ in range(5)):8.2f} s (best of 5)\n")
    for supplier in supplier_names():
        say(f"{_PRODUCTS:,} products of {supplier:<8} {_generation(supplier):8.2f} s\n")
    say(f"one idle session            {_session_bytes():8.0f} bytes (mean of {_SESSIONS:,})\n")
    say(f"all suites, profile ci      {_suites():8.1f} s in process, start included\n")
    say(f"the same on two workers     {_suites('--', '-n', '2'):8.1f} s\n")


if __name__ == "__main__":
    main()
