"""How the program is told to stop: the first SIGINT or SIGTERM lets it finish what is in flight, a second does not."""

import asyncio
import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping(asyncio.Event):
    """Set by the first signal; `at_once` by the second. A third one ends the process as if nobody listened.

    While the program is still starting there is nothing to finish: the task that made this is cancelled.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at_once = asyncio.Event()
        self._starting: asyncio.Task[object] | None = asyncio.current_task()

    def started(self) -> None:
        """From now on the first signal sets the event, and whoever waits for it does the stopping."""
        self._starting = None

    def signalled(self) -> None:
        """A signal came."""
        if not self.is_set():
            self.set()
            if self._starting is not None:
                self._starting.cancel()
            return
        self.at_once.set()
        for number in SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)


def stop_on_signals() -> Stopping:
    """Listen to signals from now on; called by the task that starts the program."""
    stopping = Stopping()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stopping.signalled)
    return stopping
