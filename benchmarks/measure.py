"""Measures what the README and the release notes state: `python benchmarks/measure.py`, on a quiet machine.

Every figure is printed with its unit; a ratio of two figures of one run says more than any of them alone.
"""

import asyncio
import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from apitwin_fixtures import Fixtures, Reply, Request
from apitwin_mocks.registry import load_suppliers, supplier_names
from apitwin_mocks.server import Server
from apitwin_mocks.supplier import Seeding

__all__ = ["main"]

_APITWIN = (str(Path(sys.executable).with_name("apitwin")),)
_DRIFTED = Path(__file__).with_name("drifted.py")
_DRIFTS = {"field": "a renamed field", "carrier": "JSON sent as HTML"}
_LONGEST_START = 20.0
# What is installed runs from byte code, and so does what is measured, whatever the environment says.
_ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
_SESSIONS = 10_000
_PRODUCTS = 50_000
_PROBES = {
    "axro": Request(
        "POST", "/axro/gql/v1", headers=(("content-type", "application/json"),), body=b'{"query":"{ __typename }"}'
    ),
    "oxomi": Request("GET", "/oxomi/portals/api/v3/products/changed"),
}
_FILTERED, _REPEATED = 20_000, 50
_FILTER_QUERY = """query($where: ProductResponseFilterInput, $order: [ProductResponseSortInput!]) {
  products(where: $where, order: $order, take: 50) { items { id name } totalCount } }"""
_WHERE = {
    "isDisabled": {"eq": False},
    "or": [
        {"and": [{"name": {"contains": "sim"}}, {"bulkPrices": {"some": {"price": {"lt": 20}}}}]},
        {
            "or": [
                {"quantity": {"all": {"gt": 300}}},
                {
                    "and": [
                        {"languages": {"none": {"eq": "DE"}}},
                        {"lastUpdateDateTime": {"gte": "2024-10-01T00:00:00Z"}},
                    ]
                },
            ]
        },
    ],
}
_EVERY_FIELD = """language lastUpdateDateTime quantity { text image all } bulkPrices { price minimumQuantity } productPartnerId
  bundleItems { id name platform language region isSubBundle } isBundle id name platform region currency isDisabled
  lastUpdatedPriceDateTime lastIncreasedStockDateTime productPartnerIds languages regions excludedLanguages excludedRegions"""


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
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=_ENVIRONMENT) as process:  # noqa: S603 - our own command
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


@contextmanager
def _drifted(drift: str) -> Iterator[str]:
    """Serve every mock with a drift from a process of its own, and give the base URL."""
    port = _free_port()
    command = [sys.executable, str(_DRIFTED), str(port), drift]
    with subprocess.Popen(command, env=_ENVIRONMENT) as process:  # noqa: S603 - our own file
        try:
            while not _answers(port) and process.poll() is None:
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _first_finding(supplier: str, base: str) -> tuple[float, float]:
    """Give the seconds, and those of CPU, from the start of `apitwin check` to the line that tells of the first finding."""
    command = [*_APITWIN, "check", supplier, "--target", f"{base}/{supplier}", "--profile", "quick"]
    started, before = time.perf_counter(), _cpu_of_children()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_ENVIRONMENT) as process:  # noqa: S603 - our own command
        assert process.stdout  # noqa: S101 - it is piped
        told = next((line for line in process.stdout if " drift: " in line), "")
        seconds = time.perf_counter() - started
        process.kill()
    if not told:
        message = f"no drift of {supplier} was found"
        raise RuntimeError(message)
    return seconds, _cpu_of_children() - before


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _first_findings() -> Iterator[str]:
    for drift, title in _DRIFTS.items():
        with _drifted(drift) as base:
            for supplier in supplier_names():
                seconds, cpu = (
                    min(each) for each in zip(*(_first_finding(supplier, base) for _ in range(3)), strict=True)
                )
                yield f"first finding, {supplier:<12} {seconds:8.2f} s, {cpu:.2f} s of CPU (best of 3, profile quick; {title})"


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


def _wock() -> tuple[float, float]:
    """Give the best times of a filter of depth four with two keys of order and the count, and of fifty products with every field."""
    fixtures = Fixtures.of("wock")
    server = Server(load_suppliers(["wock"]), Seeding(products=_FILTERED))
    known = {name: str(value) for name, value in fixtures.credentials["default"].items()}
    form = {name: known[name] for name in ("client_id", "client_secret", "scope")}
    grant = urlencode({"grant_type": "client_credentials", **form}).encode()
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    signed_in: Any = _asked(
        server, Request("POST", f"/wock/{known['tenant']}/oauth2/v2.0/token", "", headers, grant)
    ).json
    signed = (("content-type", "application/json"), ("authorization", f"Bearer {signed_in['access_token']}"))

    def best(query: str, variables: dict[str, Any]) -> float:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = Request("POST", "/wock/graphql", "", signed, body)
        if b'"errors"' in _asked(server, request).body:
            message = "the measured query is refused"
            raise RuntimeError(message)
        return min(_timed(lambda: _asked(server, request)) for _ in range(_REPEATED))

    filtered = best(_FILTER_QUERY, {"where": _WHERE, "order": [{"name": "ASC"}, {"id": "DESC"}]})
    return filtered, best(f"{{ products(take: 50) {{ items {{ {_EVERY_FIELD} }} totalCount }} }}", {})


def _asked(server: Server, request: Request) -> Reply:
    return asyncio.run(server.answer(request))


def _suites(*more: str) -> float:
    command = [*_APITWIN, "check", *more]
    return _timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_ENVIRONMENT))  # noqa: S603 - our own command


def main() -> None:
    """Print every figure."""
    say = sys.stdout.write
    say(f"load of this machine        {os.getloadavg()[0]:8.2f} on {os.cpu_count()} cores\n")
    say(f"start to first answer       {min(_first_answer() for _ in range(5)):8.2f} s (best of 5)\n")
    for line in _first_findings():
        say(f"{line}\n")
    for supplier in supplier_names():
        say(f"{_PRODUCTS:,} products of {supplier:<8} {_generation(supplier):8.2f} s\n")
    say(f"one idle session            {_session_bytes():8.0f} bytes (mean of {_SESSIONS:,})\n")
    filtered, page = _wock()
    say(
        f"where of depth 4           {filtered * 1000:8.1f} ms in process, {_FILTERED:,} products of wock, two keys of order, count\n"
    )
    say(f"page of 50, every field    {page * 1000:8.1f} ms in process, best of {_REPEATED}\n")
    say(f"all suites, profile ci      {_suites():8.1f} s in process, start included\n")
    say(f"the same on two workers     {_suites('--', '-n', '2'):8.1f} s\n")


if __name__ == "__main__":
    main()
