"""A Telegram channel as Telegram Desktop exports it (JSON): an article a message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flows.errors import UserError
from flows.outlets import Outlets, Publisher
from flows.settings import TelegramSource
from flows.sources import Article, Reject
from flows.sources.files import read_whole
from flows.sources.records import Unfit, clean_line, clean_text, make_article

LARGEST = 100_000_000  # bytes; what is made of it takes ten times as many
LONGEST_TITLE = 120  # characters


def read_channel(source: TelegramSource, outlets: Outlets) -> Iterator[Article | Reject]:
    """The messages with text, of one channel or of all channels that an export of an account holds.

    The first line is the title. Messages without text, notices of Telegram's own, and chats that are no channels are
    left out without a word. Raises UserError if the file is missing or no such export.
    """
    data = read_whole(source, LARGEST, "export fewer months at once")
    try:
        channels = _channels(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{source.path}: no export of a Telegram channel; export it as JSON (result.json)") from error
    for channel in channels:
        for message in channel["messages"]:
            if not isinstance(message, dict) or message.get("type") != "message":
                continue
            if text := clean_text(_text(message.get("text"))):
                try:
                    yield _article(source, channel, message, text, outlets)
                except Unfit as reason:
                    yield Reject(str(source.path), _item(channel, message), str(reason))


def _channels(export: Any) -> list[dict[str, Any]]:
    """The channels in an export, those that were left too. Raises what comes of an export that is none."""
    if not export.keys() & {"chats", "left_chats"}:
        chats = [export]
        if not str(export["type"]).endswith("channel"):
            raise ValueError("no channel")
    else:
        chats = [chat for part in ("chats", "left_chats") for chat in export.get(part, {"list": []})["list"]]
    channels = [chat for chat in chats if str(chat.get("type")).endswith("channel")]
    if not channels or not isinstance(channels[0].get("messages"), list):
        raise ValueError("no messages of a channel")
    return [channel for channel in channels if isinstance(channel.get("messages"), list)]


def _item(channel: dict[str, Any], message: dict[str, Any]) -> str:
    return clean_line(f"channel {channel.get('id')}, message {message.get('id')}")[:100]


def _article(
    source: TelegramSource, channel: dict[str, Any], message: dict[str, Any], text: str, outlets: Outlets
) -> Article:
    number, name = str(channel.get("id", "")), clean_line(str(channel.get("name") or ""))
    publisher = Publisher(source.outlet) if source.outlet else outlets.of_channel(number, name)
    title, _, rest = text.partition("\n")
    is_headed = bool(rest.strip()) and len(title) <= LONGEST_TITLE
    is_addressed = number.isdecimal() and str(message.get("id", "")).isdecimal()
    return make_article(
        source=str(source.path),
        outlet=publisher.name,
        named_by=publisher.named_by,
        text=rest if is_headed else text,
        title=title if is_headed else "",
        language=source.language,
        url=f"https://t.me/c/{number}/{message['id']}" if is_addressed else None,
        published_at=_moment(message),
    )


def _text(value: Any) -> str:
    """The text of a message, which is one string, or a list of strings and of objects with a text (links, bold)."""
    if not isinstance(value, list):
        return value if isinstance(value, str) else ""
    parts = (part.get("text") if isinstance(part, dict) else part for part in value)
    return "".join(part for part in parts if isinstance(part, str))


def _moment(message: dict[str, Any]) -> datetime | str | None:
    """`date` has no zone: it is that of whoever exported."""
    try:
        return datetime.fromtimestamp(int(message["date_unixtime"]), UTC)
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        date = message.get("date")
        return date if isinstance(date, str) else None
