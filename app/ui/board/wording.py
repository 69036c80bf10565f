"""What the heads of columns say, and what is said after a move."""

from typing import TYPE_CHECKING

from app.core.calendar import month_number
from app.core.i18n import ntr, tr
from app.core.roles import Act
from app.services.board import FAR, PAST, WITHOUT, BoardColumn, ColumnSums, Grouping
from app.ui.board.head import HeadWords

if TYPE_CHECKING:
    from app.ui.context import Context


def grouping_label(grouping: Grouping) -> str:
    """What the columns stand for."""
    return {
        Grouping.STAGE: tr("Stage"), Grouping.RESPONSIBLE: tr("Responsible"), Grouping.MONTH: tr("Service period"),
        Grouping.SOURCE: tr("Source"),
    }[grouping]  # fmt: skip


def column_name(context: "Context", grouping: Grouping, spec: BoardColumn) -> str:
    """What a column is called."""
    if spec.key == WITHOUT:
        return {
            Grouping.STAGE: "", Grouping.RESPONSIBLE: tr("nobody"), Grouping.MONTH: tr("without service period"),
            Grouping.SOURCE: tr("without source"),
        }[grouping]  # fmt: skip
    if spec.key == PAST:
        now = month_number(context.office.store.today())
        return tr("before {month}", month=context.formats.month(now))
    if spec.key == FAR:
        return tr("later")
    return context.formats.month(spec.key) if grouping is Grouping.MONTH else spec.name


def head_words(context: "Context", grouping: Grouping, spec: BoardColumn, sums: ColumnSums) -> HeadWords:
    """All that the head of a column says, written and spoken."""
    wording, name = context.wording, column_name(context, grouping, spec)
    number, count = context.formats.number(sums.count), ntr("{n} lead", "{n} leads", sums.count)
    volumes, weights = wording.sum_short(sums.volume), wording.sum_short(sums.weighted)
    spoken = [name, count, volumes[0], tr("weighted {amount}", amount=weights[0])]
    if sums.without_rate:
        spoken.append(ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", sums.without_rate))
    if not spec.takes:
        spoken.append(tr("takes no leads"))
    quiet = not sums.count  # of an empty column there is nothing to be said
    return HeadWords(
        name=name,
        percent="" if spec.probability is None else context.formats.percent(spec.probability),
        weighted=("", "", "") if quiet else (tr("{amount} wtd.", amount=weights[0]), *weights),
        figures=(count, count, count) if quiet else _figures(count, number, volumes),
        count=number,
        spoken=", ".join(spoken),
        colour=wording.stage_colour(spec.key) if grouping is Grouping.STAGE else "",
        can_add=spec.takes and context.allowed.may(Act.CHANGE),
    )


def _figures(count: str, number: str, volumes: tuple[str, str]) -> tuple[str, str, str]:
    return f"{count} · {volumes[0]}", f"{number} · {volumes[0]}", f"{number} · {volumes[1]}"


def moved_words(leads: int, title: str, column: str, place: int, count: int) -> str:
    """How many leads were moved where; of a single one, what it is called and where it stands there."""
    if leads == 1:
        return tr("{title} moved to {column}, {place} of {count}", title=title, column=column, place=place, count=count)
    return ntr("{n} lead moved to {column}", "{n} leads moved to {column}", leads, column=column)
