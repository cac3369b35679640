"""Every action that chat has is a form or list on a page, or stands in a table with the reason why not.

A new command fails here until its page is built and named in ``places.py``; ``tests.pages.test_every_action`` opens them all.
"""

from __future__ import annotations

import re

from handlers import care, commands
from handlers.registry import REGISTRY
from tests.docs.places import COMMANDS, NO_PAGE_FOR, NOT_ON_A_PAGE, OTHER_DOORS, PLACES


def test_every_action_of_the_registry_has_its_place():
    assert set(PLACES) | set(NOT_ON_A_PAGE) == set(REGISTRY)
    assert not set(PLACES) & set(NOT_ON_A_PAGE)


def test_every_short_command_has_its_place():
    """Each pattern of the commands is one that a sentence of the table has the form of, and no sentence is left over."""
    patterns = [re.compile(form) for row in commands.COMMANDS for form in row.forms]
    bare = [p.pattern[:80] for p in patterns if not any(p.fullmatch(one) for one in COMMANDS)]
    assert bare == []
    assert [one for one in COMMANDS if not any(p.fullmatch(one) for p in patterns)] == []
    assert all(care.group_asked(one) is not None for one in OTHER_DOORS)
    assert all(NO_PAGE_FOR.values())
