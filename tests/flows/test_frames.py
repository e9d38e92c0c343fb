"""Shipped frames: what is said of how well they are found, and the threshold, is what the gold events give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from align.encoders import EmbeddedEncoder
from align.framing.frames import LEAST_SCORE, FrameFinder
from flows.frames import FrameLesson, FrameScores, frame_lessons, least_score, score_frames
from flows.gold import shipped_events
from flows.lexicons import background_texts, load_frames


@pytest.fixture(scope="module")
def lessons() -> Iterator[list[FrameLesson]]:
    encoder = EmbeddedEncoder()
    finder = FrameFinder(load_frames([]).frames, encoder.encode, background_texts())
    yield frame_lessons(shipped_events(), finder, encoder.encode)


@pytest.fixture(scope="module")
def measured(lessons: list[FrameLesson]) -> FrameScores:
    return score_frames(lessons, lessons, [frame.name for frame in load_frames([]).frames])


def test_the_shipped_figures_are_those_measured_without_the_event_that_is_scored(measured: FrameScores) -> None:
    shipped = {frame.name: frame.f1 for frame in load_frames([]).frames}
    assert {frame.frame: frame.f1 for frame in measured.frames} == pytest.approx(shipped, abs=0.006)
    assert measured.micro_f1 > 2 * measured.everywhere_f1 > measured.commonest_f1


def test_frames_that_are_found_badly_are_experimental() -> None:
    experimental = {frame.name for frame in load_frames([]).frames if frame.is_experimental}
    assert experimental == {"conflict", "morality", "responsibility", "diplomacy"}


def test_the_shipped_threshold_is_the_one_all_events_give(lessons: list[FrameLesson]) -> None:
    assert least_score(lessons) == pytest.approx(LEAST_SCORE, abs=0.01)


def test_every_gold_statement_is_marked_with_known_frames(lessons: list[FrameLesson]) -> None:
    known = {frame.name for frame in load_frames([]).frames}
    assert [len(lesson.event.frames) for lesson in lessons] == [124, 122, 118, 125]
    assert all(frames <= known for lesson in lessons for frames in lesson.event.frames.values())


def test_the_threshold_lies_where_f1_is_best(lessons: list[FrameLesson]) -> None:
    marked, scores = np.array([[True], [True], [False], [True]]), np.array([[9.0], [8.0], [4.0], [3.0]])
    made = FrameLesson(lessons[0].event, marked, scores)
    assert least_score([made, made]) == 3.0
    cut = FrameLesson(lessons[0].event, np.array([[True], [True], [False], [False]]), scores)
    assert least_score([cut, cut]) == 6.0
