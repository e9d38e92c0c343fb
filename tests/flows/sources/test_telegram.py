"""Telegram channels as Telegram Desktop exports them."""

from __future__ import annotations

import json

import pytest

from flows.errors import UserError

TEXT = "Министры встретились на границе и долго говорили о перемирии, сообщает пресс-служба."


def message(number: int, text, **more):
    return {
        "id": number,
        "type": "message",
        "date": "2024-03-01T13:00:00",
        "date_unixtime": "1709287200",
        "text": text,
    } | more


def channel(*messages, number: int = 1500, name: str = "Линия"):
    return {"name": name, "type": "public_channel", "id": number, "messages": list(messages)}


@pytest.fixture
def export(tmp_path):
    def write(data) -> dict:
        (tmp_path / "result.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        return {"kind": "telegram", "path": tmp_path / "result.json"}

    return write


def test_a_message_is_an_article_with_its_first_line_as_title(bring, export):
    parts = [
        "Перемирие\n\n",
        {"type": "bold", "text": "Министры"},
        " встретились на границе и долго говорили о перемирии.",
    ]
    service = {"id": 3, "type": "service", "action": "pin_message"}
    found, rejects = bring(
        **export(channel(message(1, parts), message(2, ""), service, message(4, TEXT, date_unixtime="x")))
    )
    assert rejects == []
    first, second = found
    assert (first.title, first.text) == ("Перемирие", "Министры встретились на границе и долго говорили о перемирии.")
    assert (first.outlet, first.named_by, first.language) == ("Example Wire", None, "ru")
    assert (first.url, first.published_at.isoformat()) == ("https://t.me/c/1500/1", "2024-03-01T10:00:00+00:00")
    assert (second.title, second.text, second.published_at.hour) == ("", TEXT, 13)


def test_a_channel_that_no_list_has_is_an_outlet_of_its_own(bring, export):
    unlisted = channel(message(1, TEXT), number=7, name="Сводка")
    ((article,), _) = bring(**export(unlisted))
    assert (article.outlet, article.named_by) == ("Сводка", "channel")
    ((article,), _) = bring(**export(unlisted), outlet="Mine")
    assert (article.outlet, article.named_by) == ("Mine", None)


def test_an_account_has_several_channels(bring, export):
    both = {"chats": {"list": [channel(message(1, TEXT)), channel(message(1, TEXT), number=8, name="Другая")]}}
    found, _ = bring(**export(both))
    assert [article.outlet for article in found] == ["Example Wire", "Другая"]
    assert len({article.url for article in found}) == 2


def test_chats_that_are_no_channels_stay_out_and_channels_that_were_left_do_not(bring, export):
    private = channel(message(1, TEXT), name="Mum") | {"type": "personal_chat"}
    left = channel(message(1, TEXT), number=9, name="Левая")
    found, _ = bring(
        **export({"chats": {"list": [private, channel(message(1, TEXT))]}, "left_chats": {"list": [left]}})
    )
    assert [article.outlet for article in found] == ["Example Wire", "Левая"]
    with pytest.raises(UserError, match="no export of a Telegram channel"):
        bring(**export(private))


def test_odd_messages_are_rejects_or_left_out(bring, export):
    odd = [
        None,
        3,
        message(None, TEXT),
        message(5, {"a": 1}),
        message(6, [1, {"text": 2}, None]),
        message(7, "Bonjour à tous, voici la presse"),
    ]
    found, rejects = bring(**export(channel(*odd)))
    assert [article.url for article in found] == [None]
    assert [item for item, _ in rejects] == ["channel 1500, message 7"]


@pytest.mark.parametrize(
    "data", ["", "[]", "{}", '{"messages": 3}', '{"chats": 3}', '{"chats": {"list": [{}]}}', "[" * 100_000]
)
def test_what_is_no_export_is_told(bring, tmp_path, data):
    (tmp_path / "result.json").write_text(data)
    with pytest.raises(UserError, match=r"no export of a Telegram channel; export it as JSON"):
        bring(kind="telegram", path=tmp_path / "result.json")
