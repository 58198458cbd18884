"""Texts as lines of runs: what a customer's app shows."""

from collections.abc import Iterable

from shopwright.lab.schemas import Run


def plain_lines(text: str) -> list[list[Run]]:
    """A text without any formatting."""
    return [[Run(text=line)] if line else [] for line in text.split("\n")]


def lines_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs, whose texts may hold line ends, as lines; neighbours that look the same are one."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        for number, part in enumerate(run.text.split("\n")):
            if number:
                lines.append([])
            if part:
                _append(lines[-1], run.model_copy(update={"text": part}))
    return lines


def _append(line: list[Run], run: Run) -> None:
    last = line[-1] if line else None
    if last is not None and last.model_dump(exclude={"text"}) == run.model_dump(exclude={"text"}):
        last.text += run.text
    else:
        line.append(run)


def linked_lines(text: str) -> list[list[Run]]:
    """A text without formatting, whose addresses can be opened."""
    return [[piece for run in line for piece in _pieces(run.text)] for line in plain_lines(text)]


def _pieces(text: str) -> list[Run]:
    runs: list[Run] = []
    for word in text.split(" "):
        glue = " " if runs else ""
        if word.startswith(("https://", "http://")):
            runs += [Run(text=glue)] if glue else []
            runs.append(Run(text=word, url=word))
        elif runs and not runs[-1].url:
            runs[-1].text += glue + word
        else:
            runs.append(Run(text=glue + word))
    return [run for run in runs if run.text]


def text_of(lines: Iterable[Iterable[Run]]) -> str:
    return "\n".join("".join(run.text for run in line) for line in lines)
