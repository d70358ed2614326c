"""The statements of workers, built once: they run for every message, and building them would cost more than they do.

A delivery is a worker's as long as the row has its name and the attempt that the worker claimed.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select, tuple_, update

from digests.model import Delivery, DeliveryState
from digests.storage import schema
from digests.storage.columns import CleanText, Instant
from digests.storage.schema import delivery
from digests.storage.statements import AnyRow

CALLED_OFF = "an earlier part could not be sent"
UNREACHED = (DeliveryState.FAILED, DeliveryState.GONE)
"""States in which a digest did not come to its reader."""

_NAMES = ("id", "request_id", "part", "digest_id", "subscriber_id", "state", "attempts", "worker", "message_id")
COLUMNS = [delivery.c[name] for name in (*_NAMES, "created_at", "due_at", "priority")]
"""What `to_delivery` reads."""

_OPEN = [DeliveryState.PENDING.value, DeliveryState.SENDING.value]
_now = bindparam("now", type_=Instant)
_earlier = delivery.alias("earlier")
_first_missing = exists().where(
    _earlier.c.request_id == delivery.c.request_id, _earlier.c.part < delivery.c.part, _earlier.c.state.in_(_OPEN)
)
_free = and_(
    schema.PENDING,
    delivery.c.due_at <= _now,
    or_(delivery.c.lease_until.is_(None), delivery.c.lease_until <= _now),
    or_(delivery.c.part == 0, ~_first_missing),
)

CLAIMABLE = select(delivery.c.id).where(_free).limit(1)
"""Is anything due, free, and with no earlier part still to come?"""

_picked = (
    select(delivery.c.id)
    .where(_free)
    .order_by(delivery.c.priority, delivery.c.due_at, delivery.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("picked")
)
CLAIM = (
    update(delivery)
    .where(delivery.c.id.in_(select(_picked.c.id)))
    .values(
        worker=bindparam("by", type_=CleanText),
        lease_until=bindparam("lease_end", type_=Instant),
        attempts=delivery.c.attempts + 1,
        changed_at=_now,
    )
    .returning(*COLUMNS)
)

_mine = and_(
    delivery.c.id == bindparam("which"),
    delivery.c.worker == bindparam("by", type_=CleanText),
    delivery.c.attempts == bindparam("attempt"),
)
_still_mine = and_(
    tuple_(delivery.c.id, delivery.c.attempts).in_(bindparam("claims", expanding=True)),
    delivery.c.worker == bindparam("by", type_=CleanText),
    schema.PENDING,
)
SENDING = (
    update(delivery)
    .where(_still_mine)
    .values(state=DeliveryState.SENDING.value, lease_until=bindparam("lease_end", type_=Instant), changed_at=_now)
    .returning(delivery.c.id)
)
"""Several of one worker's at once."""
RELEASE = update(delivery).where(_still_mine).values(worker="", lease_until=None, changed_at=_now)
FINISH = (
    update(delivery)
    .where(_mine, or_(schema.PENDING, schema.SENDING))
    .values(
        state=bindparam("became"),
        worker=bindparam("left_by", type_=CleanText),
        lease_until=None,
        message_id=func.coalesce(bindparam("message", type_=delivery.c.message_id.type), delivery.c.message_id),
        error=bindparam("why", type_=CleanText),
        due_at=func.coalesce(bindparam("later", type_=Instant), delivery.c.due_at),
        changed_at=_now,
    )
)
ARRIVED = (
    update(delivery)
    .where(
        delivery.c.id == bindparam("which"),
        delivery.c.attempts == bindparam("attempt"),
        or_(delivery.c.worker == bindparam("by", type_=CleanText), delivery.c.worker == ""),
        or_(schema.PENDING, schema.SENDING, schema.UNCERTAIN),
    )
    .values(
        state=DeliveryState.SENT.value,
        worker=bindparam("by", type_=CleanText),
        lease_until=None,
        message_id=bindparam("message", type_=delivery.c.message_id.type),
        error=None,
        changed_at=_now,
    )
)
"""It surely arrived: that holds also where the lease ran out and the row was put back, as long as nobody claimed it."""
CALL_OFF = (
    update(delivery)
    .where(delivery.c.request_id == bindparam("of"), delivery.c.part > bindparam("after"), schema.PENDING)
    .values(state=bindparam("became"), error=CALLED_OFF, worker="", lease_until=None, changed_at=_now)
)


def fence(claimed: Delivery) -> dict[str, object]:
    """What tells this claim of a delivery from any other."""
    return {"which": claimed.id, "by": claimed.worker, "attempt": claimed.attempts}


def fences(claimed: Sequence[Delivery]) -> dict[str, object]:
    """The same for several claims of one worker, as SENDING and RELEASE take it."""
    return {"claims": sorted((one.id, one.attempts) for one in claimed), "by": claimed[0].worker}


def ending(claimed: Delivery, state: DeliveryState, *, now: datetime) -> dict[str, object]:
    """The values of FINISH for a delivery that has come to its end."""
    values = {"became": state.value, "left_by": claimed.worker, "message": None, "why": None, "later": None}
    return {**fence(claimed), **values, "now": now}


def to_delivery(row: AnyRow) -> Delivery:
    """A delivery from a row of COLUMNS."""
    return Delivery(
        id=row.id,
        request_id=row.request_id,
        part=row.part,
        digest_id=row.digest_id,
        subscriber_id=row.subscriber_id,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        worker=row.worker,
        message_id=row.message_id,
        created_at=row.created_at,
        due_at=row.due_at,
        priority=row.priority,
    )
