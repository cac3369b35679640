"""Whatever happens in a fortnight: nobody is told outside hours, on a rest day without cause, or twice a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from casework.calendar import DAY
from casework.facts import Kind
from reminders import hours
from reminders.jobs import collect, run_until
from tests.reminders.stage import at, county, record

START = at("9-22 07:00")  # a make-up Sunday on the 28th, a holiday from 1 October
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 15 * 24 * 4),
        st.sampled_from(
            [
                (Kind.ABSENCE, "wang", {}),
                (Kind.CONTACT, "wang", {"channel": "phone", "outcome": "refused"}),
                (Kind.VISIT, "li", {"outcome": "nobody"}),
                (Kind.VISIT, "zhen", {"outcome": "agreed"}),
                (Kind.RETURN, "wang", {}),
                (Kind.LEAVE, "wang", {"kind": "sick", "to": "2025-10-12"}),
                (Kind.DROPOUT, "li", {"reason_code": "work"}),
                (Kind.DONE, "li", {"rule": "outside_report"}),
                (Kind.DONE, "li", {"rule": "dropout_notify"}),
                (Kind.NOTICE, "li", {}),
            ]
        ),
        st.sampled_from(["p0", "p1", "p2"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda event: (event[0], str(event[1]), event[2]),
)


# A failing fortnight is read as it stands: making it smaller would take minutes.
@pytest.mark.slow
@settings(max_examples=5, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(events=EVENTS, pack=st.sampled_from(["national", "longchuan", "xiuyan", "fujian"]))
def test_nobody_is_nagged(events, pack):
    store = county(pack, now="9-22 07:00")
    now, sent = START, []

    def deliver(moment):
        sent.extend((moment, message) for message in collect(store, moment))

    for quarter, (kind, by, data), pupil in sorted(events, key=lambda e: e[0]):
        moment = START + dt.timedelta(minutes=15 * quarter)
        run_until(store, now, moment, deliver)
        record(store, f"{moment:%m-%d %H:%M}", kind, by=by, pupil=pupil, **data)
        now = moment
    run_until(store, now, START + DAY * 16, deliver)

    with store.look(now) as work:
        days = work.world.calendar.county
        dues = {d.id: d for d in work.cases.duties(status=None)}
    told: Counter = Counter()
    for moment, message in sent:
        assert hours.in_hours(moment)
        assert len(message.text.encode()) <= 2048
        told.update((moment.date(), message.to, message.key.split(":")[0] == "overdue", d) for d in message.duties)
        if not hours.is_workday(moment.date(), days) and not hours.is_school_day(moment.date(), days):
            for duty in (dues[d] for d in message.duties if d in dues):
                assert duty.due == moment.date() or duty.rule == "monthly_report"
    assert [what for what, count in told.items() if count > 1] == []
    keys = [message.key for _, message in sent]
    assert len(keys) == len(set(keys))
