"""Who is, or was, in the journey of a playbook as of (t, T, mark), and whom the run itself has brought there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from ..query.relations import Holding
from ..query.sql import column, complement, disjunction, eq, exists, narrowed, number, select_from, table
from .known import KnownFacts, own_rows

_RUN_ROWS = 1000


class JourneyRelations(KnownFacts):
    """The journeys of members; a row of the run takes the place of the store's row of the same number."""

    def journey_rows(self) -> int:
        """About how many journeys there are; 0 says none."""
        return (self._highest("enrolments", "enrolment") or 0) + (_RUN_ROWS if self.delta.enrolments else 0)

    def journeys_in(
        self, playbook: str, named: exp.Expression, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """The journeys of a playbook that members are in at t; ``at`` is when they entered.

        Who is held out is in none: such a row ends at the instant at which it begins.
        """
        arms = []
        for source, alias, last in self._sources(prefix):
            ended = column("ended", alias)
            still: list[exp.Expression] = [exp.Is(this=ended, expression=exp.null()), exp.GT(this=ended.copy(), expression=t.copy())]
            where = [_by("entered", alias, t)]
            if last is not None:
                where.append(exp.LTE(this=column("entered", alias), expression=number(last)))
                still.append(exp.GT(this=ended.copy(), expression=number(last)))
            arms.append(self._journeys(source, alias, named, prefix, unit, [*where, disjunction(still)], "entered"))
        if self.delta.inside == playbook:
            arms.append(_in_flow(prefix + "w", unit))
        return arms

    def journeys_finished(
        self, named: exp.Expression, prefix: str, t: exp.Expression, unit: exp.Expression | None
    ) -> list[Holding]:
        """The journeys of a playbook that came to their end by t; ``at`` is when."""
        arms = []
        for source, alias, last in self._sources(prefix):
            finished = eq(column("why", alias), exp.Literal.string("finished"))
            known = [] if last is None else [exp.LTE(this=column("ended", alias), expression=number(last))]
            where = [finished, _by("ended", alias, t), *known]
            arms.append(self._journeys(source, alias, named, prefix, unit, where, "ended"))
            if source == "enrolments" and self._has_merges():
                theirs = self._journeys(source, alias, named, prefix, None, [part.copy() for part in where], "ended")
                arms.append(self._journeys_of_merged(theirs, prefix + "m", unit))
        return arms

    def _journeys_of_merged(self, journeys: Holding, merged: str, unit: exp.Expression | None) -> Holding:
        """Journeys of ids that were merged, told of the ids that stay, from the merge on."""
        whose = column("target", merged)
        source = exp.Join(this=table("merges", merged), on=eq(column("unit", merged), journeys.unit.copy()))
        own = [] if unit is None else [eq(whose.copy(), unit.copy())]
        known = exp.LTE(this=column("at", merged), expression=number(self.at))
        query = journeys.query.copy()
        query.append("joins", source)
        return Holding(narrowed(query, [*own, known]), whose, journeys.at)

    def _sources(self, prefix: str) -> list[tuple[str, str, int | None]]:
        """The tables with their aliases and the instant up to which what happened was known at T, None where all was."""
        sources: list[tuple[str, str, int | None]] = []
        if self._highest("enrolments", "enrolment"):
            sources.append(("enrolments", prefix + "e", self._known_up_to()))
        if self.delta.enrolments:
            sources.append(("run_enrolments", prefix + "r", None))
        return sources

    def _known_up_to(self) -> int | None:
        """What happens in journeys is known from the run on that decides it."""
        if (self._highest("runs", "at") or 0) <= self.at:
            return None
        return int(self._rows(_LAST_RUN, (self.at,))[0][0])

    def _journeys(
        self, source: str, alias: str, named: exp.Expression, prefix: str, unit: exp.Expression | None,
        where: Sequence[exp.Expression], at: str,
    ) -> Holding:
        own = [eq(column("playbook", alias), named.copy()), eq(column("kind", alias), number(0))]
        own += own_rows(alias, unit)
        if source == "enrolments" and self.delta.enrolments:
            newer = prefix + "n"
            same = eq(column("enrolment", newer), column("enrolment", alias))
            own.append(complement(exists(table("run_enrolments", newer), [same])))
        return Holding(select_from([], table(source, alias), [*own, *where]), column("unit", alias), column(at, alias))


_LAST_RUN = "SELECT coalesce(max(at), -1) FROM runs WHERE at <= ?"


def _in_flow(alias: str, unit: exp.Expression | None) -> Holding:
    """Those who have just entered the block at work."""
    new = exp.Is(this=column("enrolment", alias), expression=exp.null())
    where = [eq(column("kind", alias), number(0)), new, *own_rows(alias, unit)]
    return Holding(select_from([], table("flow", alias), where), column("unit", alias), column("entered", alias))


def _by(name: str, alias: str, t: exp.Expression) -> exp.Expression:
    return exp.LTE(this=column(name, alias), expression=t.copy())
