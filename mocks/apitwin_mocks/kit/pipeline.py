"""The life of a request inside a session: every hop, in order, in one list."""

from collections.abc import Awaitable, Callable

from apitwin_fixtures import Reply

from .call import Call
from .errors import Refusal
from .journal import Entry
from .new_keys import with_new_keys
from .replies import text_reply

__all__ = ["HOPS", "Hop", "Proceed", "Sleep", "build"]

Proceed = Callable[[Call], Awaitable[Reply]]
Sleep = Callable[[float], Awaitable[None]]
Hop = Callable[[Call, Proceed, Sleep], Awaitable[Reply]]


async def _journal(call: Call, proceed: Proceed, sleep: Sleep) -> Reply:  # noqa: ARG001 - every hop has one form
    reply = await proceed(call)
    session, request = call.session, call.request
    entry = Entry(
        number=session.journal.count + 1,
        at=session.clock.now().isoformat(),
        supplier=call.supplier.name,
        operation=call.operation,
        method=request.method,
        path=request.path,
        query=call.supplier.without_secrets(request.query),
        status=reply.status,
        code=call.refusal.code if call.refusal else None,
        origin=call.origin,
        nearest=call.nearest,
    )
    session.journal.write(entry)
    return reply


async def _refusals(call: Call, proceed: Proceed, sleep: Sleep) -> Reply:  # noqa: ARG001 - every hop has one form
    try:
        return await proceed(call)
    except Refusal as refusal:
        call.refusal = refusal
        return call.supplier.refuse(call, refusal)


async def _rates(call: Call, proceed: Proceed, sleep: Sleep) -> Reply:  # noqa: ARG001 - every hop has one form
    limit, session, supplier = call.session.settings.rate_limit, call.session, call.supplier
    wait = session.rates.wait(supplier.name, limit, session.clock.now()) if limit else 0
    if not wait:
        return await proceed(call)
    call.operation = supplier.operation_of(call)
    if supplier.rate_limited is None:
        refused = text_reply("too many requests", 429)
        return Reply(refused.status, (*refused.headers, ("retry-after", str(wait))), refused.body)
    raise Refusal(supplier.rate_limited, retryAfter=str(wait))


async def _faults(call: Call, proceed: Proceed, sleep: Sleep) -> Reply:
    if not len(call.session.faults):
        return await proceed(call)
    fault = call.session.faults.strike(call.supplier.name, call.supplier.operation_of(call))
    if fault is None:
        return await proceed(call)
    call.origin = "fault"
    if fault.delay:
        await sleep(fault.delay)
    if fault.code is None:
        return await proceed(call)
    call.operation = call.supplier.operation_of(call)
    raise Refusal(fault.code)


async def _authentication(call: Call, proceed: Proceed, sleep: Sleep) -> Reply:  # noqa: ARG001 - every hop has one form
    call.supplier.authenticate(call)
    return await proceed(call)


HOPS: tuple[Hop, ...] = (_journal, _refusals, _rates, _faults, _authentication)


def build(sleep: Sleep) -> Proceed:
    """Chain the hops before the supplier's endpoint."""
    proceed: Proceed = _endpoint
    for hop in reversed(HOPS):
        proceed = _bound(hop, proceed, sleep)
    return proceed


async def _endpoint(call: Call) -> Reply:
    reply = call.supplier.endpoint(call)
    keys = call.supplier.fixtures.additions.keys
    return with_new_keys(reply, tuple(key for key in keys if key.operation == call.operation)) if keys else reply


def _bound(hop: Hop, proceed: Proceed, sleep: Sleep) -> Proceed:
    async def passed_on(call: Call) -> Reply:
        return await hop(call, proceed, sleep)

    return passed_on
