"""A project's own fixtures, as a user has them: the mock serves them at its next start, in each command."""

import json
from pathlib import Path
from urllib.request import Request, urlopen

from apitwin_fixtures import Fixtures
from tests.journeys.command import Command


def _price_changed(folder: Path) -> None:
    products = Fixtures.shipped("axro").json("entities/products.json")
    products[0]["stock"] = 4711
    own = folder / "axro/entities"
    own.mkdir(parents=True)
    (own / "products.json").write_text(json.dumps(products))


def test_the_mock_serves_what_the_projects_fixtures_say(apitwin: Command, tmp_path: Path) -> None:
    _price_changed(tmp_path / "recorded")
    (tmp_path / "apitwin.toml").write_text('fixtures = "recorded"\n')
    with apitwin.serve("axro") as served:
        url = f"{served.url}/axro/gql/v1"
        sent = json.dumps({"query": "{ products(limit: 1) { products { stock } } }"}).encode()
        headers = {"content-type": "application/json", "authorization": "Bearer YOUR_ACCESS_TOKEN"}
        with urlopen(Request(url, sent, headers)) as reply:  # noqa: S310 - the address of a server of the test's own
            assert json.load(reply)["data"]["products"]["products"] == [{"stock": 4711}]


def test_a_mistake_in_the_file_is_one_line(apitwin: Command, tmp_path: Path) -> None:
    (tmp_path / "apitwin.toml").write_text("fixtures = 3\n")
    for words in (("serve", "axro"), ("suppliers",), ("check", "axro", "--profile", "quick")):
        shown = apitwin(*words)
        assert shown.returncode == 2
        assert "apitwin.toml: fixtures is a folder's path, not 3" in shown.stderr
        assert "Traceback" not in shown.stderr
