"""What all tests share: strictness in CI, one profile for hypothesis, and a watch for personal data."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("KONGCHUO_LOG_LEVEL", "DEBUG")  # before anything reads settings: faults 39 is tried at DEBUG

from tests.mechanisms import marked
from tests.support import leaks

STRICT = bool(os.environ.get("KONGCHUO_TEST_STRICT"))
# In CI the examples are the same at every run: what chance finds is found, and mended, at the desk.
hypothesis.settings.register_profile("suite", max_examples=60, deadline=None, print_blob=True, derandomize=STRICT)
hypothesis.settings.load_profile("suite")


leaks.install()

# A worker holds half a gigabyte of modules, tests and tables, through which the collector would go again and again.
gc.set_threshold(20_000, 10, 10)


def pytest_collection_finish() -> None:
    """What is there now stays: the collector need not look at it any more."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)  # `make mutants` and a plain run do without xdist
def pytest_xdist_auto_num_workers() -> int | None:
    """``-n auto``: two workers more than there are cores, for near half of its time a worker waits for processes and clocks."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return len(os.sched_getaffinity(0)) + 2


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """A test during which something personal reached a log, a metric, an address or a page that refuses has failed."""
    result = yield
    found = leaks.WATCH.take()
    assert not found, "faults 39, personal data heard:\n" + "\n".join(found[:10])
    return result


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a test that skips for want of a tool is a failure: there the tools are installed."""
    outcome = yield
    report = outcome.get_result()
    if STRICT and report.skipped and any(tool in item.keywords for tool in ("browser", "postgres", "office", "deploy")):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"


SHOWN = pytest.StashKey[tuple[set[Path], dict[str, list[str]]]]()
"""The files collected, and which tests show which mechanism, before any test is left out by its marks."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Keeps the marks of everything collected for the tests about coverage of the documents."""
    config.stash[SHOWN] = ({path.resolve() for path in {item.path for item in items}}, marked(items))
