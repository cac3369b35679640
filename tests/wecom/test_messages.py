"""What is read from WeChat Work and written for it (README 1.3 to 1.5; wechatpy's defects 10 to 14)."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.callbacks import read_card
from bot.wecom import cards
from bot.wecom.crypto import Unreadable
from bot.wecom.messages import EMPTY, Inbound, Reply, parse, render
from bot.wecom.text import TAIL, cut_bytes, cut_text, legal

SAMPLES = json.loads((Path(__file__).parent / "vectors.json").read_text())["plaintext_samples"]


def message(kind: str = "text", **fields: str) -> str:
    """A plaintext with these children as they stand."""
    head = f"<ToUserName>corp</ToUserName><FromUserName>wang</FromUserName><CreateTime>1</CreateTime><MsgType>{kind}</MsgType>"
    return f"<xml>{head}{''.join(f'<{name}>{value}</{name}>' for name, value in fields.items())}</xml>"


def test_official_samples() -> None:
    text = parse(SAMPLES["text"])
    assert (text.kind, text.user, text.content, text.agent) == ("text", "fromUser", "this is a test", 1)
    assert (text.created, text.msg_id, text.key) == (1348831860, "1234567890123456", "msg:1234567890123456")
    image = parse(SAMPLES["image"])
    assert (image.kind, image.media_id) == ("image", "media_id")
    enter = parse(SAMPLES["enter_agent"])
    assert (enter.kind, enter.event, enter.event_key, enter.msg_id) == ("event", "enter_agent", "", "")
    assert parse(SAMPLES["change_contact_update_tag"]).change == "update_tag"


def test_official_card_event() -> None:
    card = parse(SAMPLES["template_card_event"])
    assert (card.event, card.event_key, card.task_id) == ("template_card_event", "key111", "taskid111")
    assert (card.card_type, card.response_code) == ("text_notice", "ResponseCode")
    assert card.selected == (("QuestionKey1", ("OptionId1", "OptionId2")), ("QuestionKey2", ("OptionId3", "OptionId4")))


ITEM = "<SelectedItem><QuestionKey>q</QuestionKey>{}</SelectedItem>"
SELECTED = {
    "one option": (ITEM.format("<OptionIds><OptionId>a</OptionId></OptionIds>"), (("q", ("a",)),)),
    "no options": (ITEM.format("<OptionIds/>"), (("q", ()),)),
    "no OptionIds": (ITEM.format(""), (("q", ()),)),
    "an empty option": (ITEM.format("<OptionIds><OptionId/></OptionIds>"), (("q", ()),)),
    "nothing": ("", ()),
}


@pytest.mark.parametrize(("xml", "expected"), SELECTED.values(), ids=SELECTED.keys())
def test_selected_items_are_always_tuples(xml: str, expected: tuple) -> None:
    """xmltodict gives a dict for one, a list for several and None for none."""
    event = message("event", Event="template_card_event", EventKey="k", SelectedItems=xml)
    assert parse(event).selected == expected


KINDS = {
    "voice": (message("voice", MediaId="m", Format="amr", MsgId="1"), "voice", ""),
    "location": (message("location", Location_X="1", Location_Y="2", Label="上坪村", MsgId="1"), "location", "上坪村"),
    "link": (message("link", Title="t", Url="https://a", MsgId="1"), "link", "t https://a"),
    "file": (message("file", MediaId="m", MsgId="1"), "file", ""),
    "a kind of next year": (message("hologram", MsgId="1"), "hologram", ""),
    "empty text": (message("text", Content="", MsgId="1"), "text", ""),
    "CDATA with blanks kept": (message("text", Content="<![CDATA[  张三 \n]]>", MsgId="1"), "text", "  张三 \n"),
    "numbers beyond 64 bits": (message("text", Content="a", MsgId="9" * 30), "text", "a"),
    "a letter in the MsgId": (message("text", Content="a", MsgId="x1"), "text", "a"),
    "upper-case type": (message("TEXT", Content="a", MsgId="1"), "text", "a"),
    "no time": (message("text", Content="a", MsgId="1").replace("<CreateTime>1</CreateTime>", ""), "text", "a"),
    "bare DOCTYPE": ("<!DOCTYPE xml>" + message("text", Content="a", MsgId="1"), "text", "a"),
}


@pytest.mark.parametrize(("xml", "kind", "content"), KINDS.values(), ids=KINDS.keys())
def test_kinds(xml: str, kind: str, content: str) -> None:
    inbound = parse(xml)
    assert (inbound.kind, inbound.content, inbound.user) == (kind, content, "wang")


BROKEN = {
    "nothing": "",
    "no XML": "hello",
    "other root": "<json/>",
    "empty root": "<xml/>",
    "no MsgType": "<xml><FromUserName>a</FromUserName></xml>",
    "empty MsgType": message(""),
    "no sender": "<xml><MsgType>text</MsgType></xml>",
    "two MsgTypes": message().replace("</xml>", "<MsgType>text</MsgType></xml>"),
    "event without Event": message("event"),
    "nested Content": message(Content="<b>x</b>"),
    "time of letters": message().replace("<CreateTime>1<", "<CreateTime>now<"),
    "agent of letters": message(AgentID="x"),
    "name of 65 bytes": message().replace("wang", "w" * 65),
    "content of 17 kB": message(Content="a" * 17000),
    "entity": '<!DOCTYPE xml [<!ENTITY a "b">]>' + message(Content="&a;"),
    "external entity": '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + message(Content="&a;"),
    "unknown entity": message(Content="&a;"),
    "cut off": message()[:-8],
}


@pytest.mark.parametrize("xml", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_message(xml: str) -> None:
    with pytest.raises(Unreadable):
        parse(xml)


def test_ten_thousand_deep() -> None:
    deep = "<a>" * 10_000 + "</a>" * 10_000
    assert parse(message("text", Content="x", MsgId="1", Extra=deep)).content == "x"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for xml in (text, message(Content=text), f"<xml>{text}</xml>"):
        try:
            parse(xml)
        except Unreadable:
            continue


def test_keys_tell_events_apart_and_retries_not() -> None:
    click = message("event", Event="click", EventKey="a")
    assert parse(click).key == parse(click).key
    other_key = message("event", Event="click", EventKey="b")
    other_task = message("event", Event="click", EventKey="a", TaskId="2")
    other_time = click.replace("<CreateTime>1<", "<CreateTime>2<")
    other_user = click.replace("wang", "wanh")
    keys = [parse(xml).key for xml in (click, other_key, other_task, other_time, other_user)]
    assert len(set(keys)) == 5
    assert all(len(key) <= 170 for key in keys)


def test_fault_39_words_stay_out_of_logs() -> None:
    assert "张三" not in repr(parse(message("text", Content="张三缺勤", MsgId="1")))


INBOUND = Inbound("text", "wang", "corp")


def fields(reply: Reply) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ET.fromstring(render(reply, INBOUND, 1700000000.9))}


def test_text_reply() -> None:
    found = fields(Reply("好的"))
    assert found == {
        "ToUserName": "wang", "FromUserName": "corp", "CreateTime": "1700000000", "MsgType": "text", "Content": "好的",
    }  # fmt: skip


@pytest.mark.parametrize("reply", [EMPTY, Reply(""), Reply("  \n")])
def test_nothing_to_say_is_no_xml_at_all(reply: Reply) -> None:
    """wechatpy would encrypt an empty string instead of answering 200 with no body."""
    assert render(reply, INBOUND, 0) == ""


INJECTIONS = [
    "a]]>b", "]]>", "]]]]>>", "]]><MsgType>x</MsgType><![CDATA[", "'); drop table pupils", "<script>alert(1)</script>",
    "{{7*7}}", "=cmd|' /C calc'!A0", "&lt;&amp;", "\u202e倒过来", "零\u200b宽", "🀄️👨‍👩‍👧",
]  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS)
def test_injections_stay_text(text: str) -> None:
    found = fields(Reply(text))
    assert (found["Content"], found["MsgType"]) == (text, "text")


@given(st.text(max_size=3000))
def test_every_reply_is_xml_within_2048_bytes(text: str) -> None:
    rendered = render(Reply(text), INBOUND, 0)
    if rendered:
        content = ET.fromstring(rendered).findtext("Content") or ""
        assert len(content.encode()) <= 2048


def test_a_long_reply_keeps_within_the_limit() -> None:
    assert 2040 <= len(fields(Reply("控" * 1000))["Content"].encode()) <= 2048


def test_long_text_ends_with_a_polite_sentence() -> None:
    cut = cut_text("控" * 700)
    assert cut.endswith(TAIL)
    assert 2040 <= len(cut.encode()) <= 2048
    assert set(cut.removesuffix(TAIL)) == {"控"}
    assert cut_text("控" * 682) == "控" * 682


@given(st.text(max_size=100), st.integers(3, 100))
def test_cutting_never_splits_a_character(text: str, limit: int) -> None:
    cut = cut_bytes(text, limit)
    assert len(cut.encode()) <= limit
    assert cut == legal(text) or legal(text).startswith(cut.removesuffix("…"))


def test_illegal_characters_are_dropped() -> None:
    assert legal("a\x00b\x0bc\ud800d\ufffee\tf\n") == "abcde\tf\n"


def test_button_reply() -> None:
    top = ET.fromstring(render(Reply(replace_name="已联系·王老师"), INBOUND, 0))
    assert (top.findtext("MsgType"), top.findtext("Button/ReplaceName")) == ("update_button", "已联系·王老师")


def test_card_reply_reads_back_as_the_card() -> None:
    """The XML of cards repeats elements for lists; wechatpy can write neither kind of card reply."""
    card = cards.button_interaction(
        "t1", cards.Face("张三", "第3天", "家访", [("班级", "八3"), ("村", "上坪")], "https://a.b/c", "控辍保学"),
        [cards.Button("甲", "a"), cards.Button("乙", url="https://a.b/d")],
        cards.Selection("q", "结果", [("x", "同意"), ("y", "拒绝")], "y"), replace_text="已办",
    )  # fmt: skip
    top = ET.fromstring(render(Reply(card=card), INBOUND, 0))
    assert top.findtext("MsgType") == "update_template_card"
    back = read_card(top.find("TemplateCard"))
    assert {**back, "task_id": "t1"} == card
    assert len(top.findall("TemplateCard/HorizontalContentList")) == 2
    assert top.findtext("TemplateCard/HorizontalContentList/KeyName") == "班级"
