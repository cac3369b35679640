"""``python -m bot`` is ``kongchuo``."""

from bot.cli import main

main()
