"""`apitwin refresh`, as a user has it: a sandbox that changed, its news shown, accepted in part and in whole, and followed by the mock."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from apitwin_fixtures import Fixtures
from tests.journeys.command import Command, Served, Shown

SHIPPED = Fixtures.shipped("axro")
FIELD = '  productNumber: String @source(kind: DOCUMENTED, where: "002:79")'
QUERY = '{ products(productNumber: "CANL055BK") { products { productNumber stock energy title { enGb } } } }'


def changed_sandbox(folder: Path) -> Path:
    """Write fixtures of a sandbox whose products have other stock and names, and a field that no contract knows."""
    own = folder / "axro"
    (own / "entities").mkdir(parents=True)
    products = SHIPPED.json("entities/products.json")
    for product in products:
        product["stock"] += 7
        product["en"] += " (new)"
    (own / "entities/products.json").write_text(json.dumps(products))
    sdl = SHIPPED.text("schema.graphql").replace("type Product ", "enum Energy { A B }\ntype Product ", 1)
    assert FIELD in sdl
    (own / "schema.graphql").write_text(sdl.replace(FIELD, f"  energy: Energy!\n{FIELD}", 1))
    energy = {"by": "productNumber", "values": {"CANL055BK": "B"}, "otherwise": "A"}
    additions = {"format": "apitwin/additions/1", "fields": {"schema.graphql": {"Product.energy": energy}}}
    (own / "additions.json").write_text(json.dumps(additions))
    return folder


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, tiny_site: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("sandbox")
    from tests.contracts.tiny.site import environment

    named = {**environment(tiny_site), "APITWIN_FIXTURES": str(changed_sandbox(folder))}
    with Command(folder, named).serve("axro", "--clock", "2026-01-01T00:00:00Z") as running:
        yield running


@pytest.fixture
def project(apitwin: Command, tmp_path: Path, sandbox: Served) -> Command:
    target = f'[targets.sandbox]\nsupplier = "axro"\nurl = "{sandbox.url}/axro"\n'
    (tmp_path / "apitwin.toml").write_text(f'fixtures = "recorded"\n{target}')
    return apitwin


def refresh(apitwin: Command, *words: str) -> tuple[Shown, Any]:
    shown = apitwin("refresh", "axro", *words, "--target", "sandbox", "--report", "json=report.json")
    assert "Traceback" not in shown.stderr
    assert shown.returncode in (0, 1), shown.stderr
    return shown, json.loads((apitwin.folder / "report.json").read_text())


def test_the_news_are_shown_and_nothing_is_written(project: Command) -> None:
    shown, report = refresh(project)
    assert shown.returncode == 1
    told = {(change["kind"], change["fixture"], change["place"]) for change in report["changes"]}
    assert {("new", "schema.graphql", "Energy"), ("new", "schema.graphql", "Product.energy")} <= told
    assert all(change["fingerprint"] in shown.stdout for change in report["changes"])
    assert (report["verdict"], report["written"]) == ("changed", [])
    assert {"order-create", "shipping-create"} <= set(report["not_asked"])
    assert not (project.folder / "recorded").exists()


def test_what_is_accepted_is_followed_by_the_mock(project: Command) -> None:
    shown, report = refresh(project, "--accept")
    assert (shown.returncode, report["verdict"]) == (0, "accepted")
    assert "Product.energy" in report["followed"]
    again, report = refresh(project)
    assert (again.returncode, report["changes"]) == (0, [])
    with project.serve("axro") as mock:
        sent = json.dumps({"query": QUERY}).encode()
        headers = {"content-type": "application/json", "authorization": "Bearer YOUR_ACCESS_TOKEN"}
        with urlopen(Request(f"{mock.url}/axro/gql/v1", sent, headers)) as reply:  # noqa: S310 - the test's own server
            product = json.load(reply)["data"]["products"]["products"][0]
    shipped = next(row for row in SHIPPED.json("entities/products.json") if row["number"] == "CANL055BK")
    assert (product["energy"], product["stock"]) == ("B", shipped["stock"] + 7)
    ages = project("suppliers", "axro", "--json", "--max-age", "30d")
    older = {entry["fixture"] for entry in json.loads(ages.stdout)[0]["older"]}
    assert {"errors.json", "cassettes/order-create.json"} <= older
    assert not older & {"schema.graphql", "cassettes/brands.json", "entities/products.json"}


def test_single_changes_are_accepted_by_their_fingerprints(project: Command) -> None:
    _, report = refresh(project)
    by_place = {change["place"]: change["fingerprint"] for change in report["changes"]}
    alone = project("refresh", "axro", by_place["Product.energy"], "--target", "sandbox", "--accept")
    assert alone.returncode == 2
    assert "the changes that are accepted make no schema" in alone.stderr
    both, report = refresh(project, "--accept", by_place["Product.energy"], by_place["Energy"])
    assert both.returncode == (0 if set(report["accepted"]) == set(by_place.values()) else 1)
    assert sorted(report["written"]) == ["additions.json", "schema.graphql", "seen.json"]
    assert not (project.folder / "recorded/axro/cassettes").exists()


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("--target", "mock"), "name the live --target whose news you want", 2),
        (("--target", "sandbox", "0123456789abcdef"), "to accept it, write --accept before it", 2),
        (("--target", "sandbox", "--accept", "0123456789abcdef"), "there is no change '0123456789abcdef'", 2),
        (("--target", "sandbox", "--report", "junit=x.xml"), "refresh writes a report as json=FILE alone", 2),
        (("--target", "http://127.0.0.1:9/axro"), "no verdict", 3),
    ],
)
def test_other_endings(project: Command, words: tuple[str, ...], said: str, code: int) -> None:
    shown = project("refresh", "axro", *words)
    assert shown.returncode == code
    assert said in shown.stderr + shown.stdout
    assert "Traceback" not in shown.stderr
