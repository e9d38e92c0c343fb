"""How well the frames of statements are found: scored on gold events that the threshold was not tuned on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.evaluation import Counts
from align.framing.frames import FrameFinder, Scores
from align.wording import Encode
from flows.gold import GoldEvent

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FrameLesson:
    """The statements of an event against a finder's frames: what gold marks and how they score, both (n, frames)."""

    event: GoldEvent
    marked: Marks
    scores: Scores


@dataclass(frozen=True, slots=True)
class FrameScore:
    """How well a frame is found in how many `marked` statements; `everywhere` is F1 where it is told of every one."""

    frame: str
    marked: int
    precision: float
    recall: float
    f1: float
    everywhere: float


@dataclass(frozen=True, slots=True)
class FrameScores:
    """Scores over the statements of all events together, each with a threshold tuned on the other shipped events.

    macro_f1: the mean over the frames that are marked; commonest_f1: of always telling the frame commonest on those
    other events; everywhere_f1: of telling all frames of every statement.
    """

    frames: list[FrameScore]
    micro_f1: float
    macro_f1: float
    commonest_f1: float
    everywhere_f1: float


def frame_lessons(events: Sequence[GoldEvent], finder: FrameFinder, encode: Encode) -> list[FrameLesson]:
    """The lessons of those events that mark frames."""
    return [_lesson(event, finder, encode) for event in events if event.frames]


def _lesson(event: GoldEvent, finder: FrameFinder, encode: Encode) -> FrameLesson:
    texts, languages = zip(*((statement.text, statement.language) for statement in event.statements), strict=True)
    frames = [event.frames.get(statement.key, frozenset()) for statement in event.statements]
    marked = np.array([[name in shown for name in finder.names] for shown in frames])
    return FrameLesson(event, marked, finder.scores(texts, languages, encode(texts)))


def least_score(lessons: Sequence[FrameLesson]) -> float:
    """The threshold with the best F1 over all frames together, half way between two scores."""
    marked = np.concatenate([lesson.marked.ravel() for lesson in lessons])
    scores = np.concatenate([lesson.scores.ravel() for lesson in lessons])
    order = np.argsort(-scores, kind="stable")
    right, told = marked[order].cumsum(), np.arange(1, len(order) + 1)
    best = int(np.argmax(right / (told + marked.sum())))
    return float(scores[order[best : best + 2]].mean())


def score_frames(scored: Sequence[FrameLesson], shipped: Sequence[FrameLesson], names: Sequence[str]) -> FrameScores:
    """Score lessons, each with a threshold and a commonest frame from those shipped that share no article with it."""
    found, commonest = [], []
    for lesson in scored:
        others = [other for other in shipped if not other.event.articles & lesson.event.articles]
        found.append(lesson.scores >= least_score(others))
        usual = np.concatenate([other.marked for other in others]).sum(axis=0).argmax()
        commonest.append(np.broadcast_to(np.arange(len(names)) == usual, lesson.marked.shape))
    marked, told = np.concatenate([lesson.marked for lesson in scored]), np.concatenate(found)
    everywhere = np.ones_like(marked)
    frames = []
    for column, name in enumerate(names):
        counts = _counts(marked[:, column], told[:, column])
        everything = _counts(marked[:, column], everywhere[:, column])
        frames.append(FrameScore(name, int(counts.wanted), counts.precision, counts.recall, counts.f1, everything.f1))
    f1s = [frame.f1 for frame in frames if frame.marked]
    return FrameScores(
        frames,
        micro_f1=_counts(marked, told).f1,
        macro_f1=sum(f1s) / len(f1s) if f1s else 0.0,
        commonest_f1=_counts(marked, np.concatenate(commonest)).f1,
        everywhere_f1=_counts(marked, everywhere).f1,
    )


def _counts(marked: Marks, found: Marks) -> Counts:
    return Counts(int((marked & found).sum()), int(found.sum()), int(marked.sum()))
