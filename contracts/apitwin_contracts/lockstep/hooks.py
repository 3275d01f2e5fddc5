"""Webhooks of both sides: what each received compared, and receivers anew for a sequence that is sent again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from apitwin_contracts.targets import Target
from apitwin_contracts.targets.callbacks import callbacks_of
from apitwin_contracts.targets.receiver import Hit, Mailbox, Receiver
from apitwin_fixtures import Reply, Request

from .comparing import Comparison, compare_replies
from .difference import Difference
from .forms import ABSENT
from .requests import mailboxes

__all__ = ["WEBHOOK", "Boxes", "Ears", "compare_hits", "listening"]

WEBHOOK = "webhook"
_OWN_OF_SENDER = frozenset({"host", "user-agent", "accept", "accept-encoding"})


Boxes = Sequence[tuple[str, str]]
"""The mailboxes of both sides by their URLs, pair by pair."""


def compare_hits(boxes: Boxes, here: Sequence[Hit], there: Sequence[Hit], by: Comparison) -> Iterator[Difference]:
    """Give where the webhooks that the target sent differ from the mock's, mailbox by mailbox."""
    for first, second in dict.fromkeys(boxes):
        one, other = _of(first, here), _of(second, there)
        for before, after in zip(one, other, strict=False):
            yield from _hit(before, after, by)
        if len(one) != len(other) and by.by_value:
            yield Difference(WEBHOOK, "#arrivals", "hook", _told(one), _told(other))


def _hit(here: Hit, there: Hit, by: Comparison) -> Iterator[Difference]:
    if here.request.method != there.request.method:
        yield Difference(WEBHOOK, "#method", "hook", here.request.method, there.request.method)
    for found in compare_replies(WEBHOOK, _as_reply(here), _as_reply(there), by):
        yield Difference(WEBHOOK, found.place, "hook", found.expected, found.observed)


def _as_reply(hit: Hit) -> Reply:
    headers = tuple((name, value) for name, value in hit.request.headers if name not in _OWN_OF_SENDER)
    return Reply(200, headers, hit.request.body)


def _of(box: str, hits: Iterable[Hit]) -> list[Hit]:
    """Give the webhooks that arrived at a mailbox."""
    return [hit for hit in hits if _url(hit).endswith(box.partition("://")[2])]


def _url(hit: Hit) -> str:
    return f"{hit.request.header('host') or ''}{hit.request.path}"


def _told(hits: Sequence[Hit]) -> str:
    bodies = "; ".join(hit.request.body.decode("utf-8", "replace")[:60] for hit in hits[:4])
    return f"{len(hits)} webhooks: {bodies}" if hits else ABSENT


class Ears:
    """Receivers of one replay; `names` maps each mailbox's URL of before to its new one."""

    def __init__(self, target: Target, requests: Iterable[Request], before: Sequence[Hit], stack: ExitStack) -> None:
        self.names: dict[str, str] = {}
        self._boxes: list[Mailbox] = []
        urls = list(dict.fromkeys(url for request in requests for url in mailboxes(request)))
        callbacks = callbacks_of(target)
        if not urls or callbacks is None:
            return
        receiver = stack.enter_context(Receiver(callbacks))
        for url in urls:
            box = receiver.mailbox(_as_before([hit.status for hit in _of(url, before)]))
            self.names[url] = box.url
            self._boxes.append(box)

    def heard(self, expected: int) -> list[Hit]:
        """Give what arrived, once so many have or patience is at its end."""
        return [hit for box in self._boxes for hit in box.wait(expected)]

    @property
    def boxes(self) -> list[str]:
        """The new mailboxes' URLs, in the order in which the old ones were named."""
        return [box.url for box in self._boxes]


def _as_before(statuses: Sequence[int]) -> Callable[[Request, list[Hit]], int]:
    return lambda _request, hits: statuses[len(hits)] if len(hits) < len(statuses) else 200


@contextmanager
def listening(
    sides: Sequence[tuple[Target, Iterable[Request], Sequence[Hit]]],
) -> Iterator[list[Ears]]:
    """Open the receivers that the requests of each side name."""
    with ExitStack() as stack:
        yield [Ears(target, requests, before, stack) for target, requests, before in sides]
