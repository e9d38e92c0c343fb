"""The report in a terminal: whole at any width, and nothing in the news drives the terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from flows.reports.reading import read_report
from flows.reports.terminal import print_report
from storage import Warehouse


def printed(warehouse: Warehouse, width: int, colour: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=colour, color_system="standard" if colour else None)
    print_report(read_report(warehouse), console)
    return stream.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_the_width(enclave: Warehouse, width: int) -> None:
    assert max(cell_len(line) for line in printed(enclave, width).splitlines()) <= width


def test_a_claim_is_told_outlet_by_outlet(enclave: Warehouse) -> None:
    text = " ".join(printed(enclave, 400).split())
    assert "9 articles, 9 outlets, 122 statements" in text and "13 statements not translated yet" in text
    assert "1. Militants of terrorist groups" in text and "told by 6 of 9" in text
    assert "[en, memory] Militants of terrorist groups" in text
    assert "[ru] Боевики террористических группировок" in text
    assert "— официальный представитель МИД России Лариса Веретенникова · заявила" in text
    assert re.search(r"منارة المشرق \[ar\] \[ar\] ويتقاطع .*\(not translated yet\)", text)
    assert "left out by Hatay Border Post [en], Степной телеграф [ru], نداء إدلب [ar]" in text
    assert "−armed gangs" in text and "+الثوار" in text


def test_a_doubtful_translation_says_so_and_why(doubted: Warehouse) -> None:
    text = " ".join(printed(doubted, 400).split())
    assert "13 statements translated doubtfully" in text
    assert re.search(r"\[en, opus-mt\] In English\. \S+ h doubtful translation: a number differs \[ar\] ويتقاطع", text)
    assert "doubtful translation: it lacks <b>https://a.example/" in text


def test_a_claim_and_its_denial_name_each_other(enclave: Warehouse) -> None:
    text = " ".join(printed(enclave, 400).split())
    assert re.search(r"denied by \d+\. The director of the Civil Defence.*?\(0\.60\)", text)
    assert "denies 1. Militants of terrorist groups" in text and "Hatay Border Post: ≥13" in text


def test_frames_say_how_well_they_are_found(enclave: Warehouse) -> None:
    text = " ".join(printed(enclave, 400).split())
    assert re.search(r"security F1 0\.77 \d+ .*conflict F1 0\.50, experimental \d+ ", text)


def test_english_comes_before_the_original(enclave: Warehouse) -> None:
    text = printed(enclave, 400)
    assert text.index("[en, memory] Militants of terrorist") < text.index("[ru] Боевики")


def test_piped_output_has_no_escape_sequences(enclave: Warehouse) -> None:
    assert "\x1b" not in printed(enclave, 80)


def test_hostile_text_neither_drives_the_terminal_nor_is_read_as_markup(hostile: Warehouse) -> None:
    text = printed(hostile, 400, colour=True)
    without_our_colours = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", without_our_colours)
    assert "[red]" in without_our_colours


def test_wire_copy_is_marked(wire: Warehouse) -> None:
    text = " ".join(printed(wire, 400).split())
    assert "told by 4 of 6, 2 sources, probability 0." in text
    assert text.count("wire copy, 3 h after Wire One") == text.count("wire copy, 3 h after وكالة أولى") == 1
    assert "2 articles republished: Daily Two, 3 h after Wire One; صحيفة ثانية, 3 h after وكالة أولى" in text


def test_without_wire_copy_nothing_is_said_of_it(enclave: Warehouse) -> None:
    text = printed(enclave, 400)
    assert "wire copy" not in text and "republished" not in text and "source" not in text.split("Wire copy repeats")[0]
