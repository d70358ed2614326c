"""`python -m bot` is `baztab`."""

from bot.cli import main

main()
