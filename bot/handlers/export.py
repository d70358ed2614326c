"""Files for readers: what they saved, and everything that is stored about them."""

from bot.callbacks import ExportSaved
from bot.handlers.session import Answer, Session, Tap
from bot.render import export, replies

MOST = 5000
"""Saved stories in a file."""


async def tap_saved(session: Session, callback: ExportSaved) -> Tap:
    """What the reader keeps, as a page or as JSON."""
    items = await session.services.storage.saved.items(session.subscriber.id, limit=MOST)
    if not items:
        return Tap(toast=replies.toast_nothing_saved(session.view))
    await session.busy("upload_document")
    write = export.saved_page if callback.form == "html" else export.saved_data
    return Tap(send=write(items, session.view))


async def everything(session: Session) -> Answer:
    """All that is stored about this chat."""
    await session.busy("upload_document")
    return export.everything(await session.services.storage.subscribers.export(session.subscriber.id), session.view)
