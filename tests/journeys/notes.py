"""A small foreign server: notes behind a key, with an OpenAPI document of its own; nothing of apitwin is in it."""

import asyncio
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

__all__ = ["KEY", "application"]

KEY = "the-real-key-of-notes"
_NOTE = {
    "type": "object",
    "required": ["id", "title", "colour", "stars"],
    "properties": {
        "id": {"type": "integer"},
        "title": {"type": "string"},
        "colour": {"type": "string", "enum": ["red", "green", "blue"]},
        "stars": {"type": "integer", "minimum": 0, "maximum": 5},
    },
}
_ONE = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}, "description": "A note."}
_LOST = {"description": "There is none.", "content": {"application/json": {"schema": {"type": "object"}}}}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
_END = 4_000_000_000_000
_GRAVES = [
    {"name": "before", "in": "query", "schema": {"type": "integer", "maximum": _END}},
    {"name": "also", "in": "query", "schema": {"type": "string"}},
]
_BODY = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewNote"}}}}


def _number(name: str, low: int, default: int) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer", "minimum": low, "default": default}}


def _document(*, newer: bool, graves: bool) -> dict[str, Any]:
    note = {**_NOTE, "properties": {**_NOTE["properties"], **({"pinned": {"type": "boolean"}} if newer else {})}}  # type: ignore[dict-item] # a schema
    item = {**note, "required": ["id"]} if graves else note
    page = {"type": "object", "properties": {"items": {"type": "array", "items": item}, "total": {"type": "integer"}}}
    fields = {name: part for name, part in _NOTE["properties"].items() if name != "id"}  # type: ignore[attr-defined] # a schema
    listed = {
        "operationId": "listNotes",
        "parameters": [
            _number("page", 1, 1),
            _number("size", 1, 4),
            {"name": "colour", "in": "query", "schema": {"type": "string"}},
            {"name": "sort", "in": "query", "schema": {"type": "string"}},
            *(_GRAVES if graves else ()),
        ],
        "responses": {"200": {"description": "A page.", "content": {"application/json": {"schema": page}}}},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Notes", "version": "2" if newer else "1"},
        "paths": {
            "/notes": {
                "get": listed,
                "post": {"operationId": "addNote", "requestBody": _BODY, "responses": {"201": _ONE, "422": _LOST}},
            },
            "/notes/{id}": {
                "parameters": [_ID],
                "get": {"operationId": "getNote", "responses": {"200": _ONE, "404": _LOST}},
                "patch": {"operationId": "editNote", "requestBody": _BODY, "responses": {"200": _ONE, "404": _LOST}},
                "delete": {"operationId": "dropNote", "responses": {"204": {"description": "Gone."}, "404": _LOST}},
            },
        },
        "components": {
            "schemas": {"Note": note, "NewNote": {"type": "object", "required": ["title"], "properties": fields}}
        },
    }


class _Notes:
    def __init__(self, *, newer: bool, mute: bool) -> None:
        colours = ("red", "green", "blue")
        self.rows: dict[int, dict[str, Any]] = {
            n: {"id": n, "title": f"Note {n * 7 % 11}", "colour": colours[n % 3], "stars": n % 5} for n in range(1, 11)
        }
        self.newer, self.mute = newer, mute
        self.graves: list[int] = []
        self.next = 11

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "pinned": False} if self.newer else row

    async def list(self, request: Request) -> Response:
        asked = request.query_params
        try:
            page, size = int(asked.get("page", 1)), int(asked.get("size", 4))
        except ValueError:
            return JSONResponse({"error": "numbers, please"}, 422)
        rows = [row for row in self.rows.values() if asked.get("colour") in (None, row["colour"])]
        field = asked.get("sort", "").removeprefix("-")
        if field in ("id", "title", "colour", "stars"):
            rows.sort(key=lambda row: row[field], reverse=asked["sort"].startswith("-"))
        # Version 2 counts its pages from 0 and tells nobody.
        start = (page if self.newer else page - 1) * size
        cut = rows[start : start + size] if start >= 0 and size > 0 else []
        buried: list[dict[str, Any]] = []
        if asked.get("before") == str(_END):
            buried = [{"id": number, "deleted": True} for number in self.graves]
        if "also" in asked:
            buried += [{"id": number, "buried": True, "stone": "grey"} for number in self.graves]
        return JSONResponse({"items": [self.shown(row) for row in cut] + buried, "total": len(rows)})

    async def add(self, request: Request) -> Response:
        given = await request.json()
        if not isinstance(given, dict) or not isinstance(given.get("title"), str):
            return JSONResponse({"error": "a title, please"}, 422)
        row = {"id": self.next, "colour": "red", "stars": 0, **given}
        self.rows[self.next] = row
        self.next += 1
        if self.mute:
            await asyncio.sleep(5)
        return JSONResponse(self.shown(row), 201)

    async def one(self, request: Request) -> Response:
        row = self.rows.get(request.path_params["id"])
        if row is None:
            return JSONResponse({"error": f"no note {request.path_params['id']}"}, 404)
        if request.method == "PATCH":
            row.update(await request.json())
        if request.method == "DELETE":
            self.graves.append(self.rows.pop(row["id"])["id"])
            return Response(status_code=204)
        return JSONResponse(self.shown(row))


async def _guard(request: Request, proceed: Any) -> Response:
    if request.url.path != "/openapi.json" and request.headers.get("x-key") != KEY:
        return JSONResponse({"error": "who are you?"}, 401)
    answer: Response = await proceed(request)
    return answer


def application(*, newer: bool = False, mute: bool = False, graves: bool = False) -> Starlette:
    """Give the server; the newer version has another field, and begins its pages elsewhere, a mute one adds what it is given and does not say so.

    One with `graves` lists deleted notes, too, to whoever asks for all before the end, or for what there is also.
    """
    notes, document = _Notes(newer=newer, mute=mute), _document(newer=newer, graves=graves)

    async def described(_request: Request) -> Response:
        return JSONResponse(document)

    routes = [
        Route("/openapi.json", described),
        Route("/notes", notes.list, methods=["GET"]),
        Route("/notes", notes.add, methods=["POST"]),
        Route("/notes/{id:int}", notes.one, methods=["GET", "PATCH", "DELETE"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=_guard)])
