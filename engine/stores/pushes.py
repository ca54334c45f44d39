"""Pushes that count: decided and queued, not known to have failed, been refused or withdrawn.

What went to an id that was merged counts for the one that stays as well, from the merge on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlglot import exp

from ..query.relations import PushArm
from ..query.sql import column, eq, number, one_of, scalar, select_from, table
from .known import KnownFacts

LOST = ("failed", "refused", "withdrawn")
HEX = "0123456789abcdef"
_COLUMNS = ("kind", "unit", "at", "playbook", "step", "template", "channel", "category")


class PushRelations(KnownFacts):
    """The pushes of the store and of the run that were decided by T (``at``) with what was known up to the mark."""

    def push_rows(self) -> int:
        """About how many pushes there are; 0 says none."""
        stored = self._highest("dispatches", "seq")
        return (0 if stored is None else stored + 1) + (1000 if self.delta.pushes else 0)

    def push_arms(self, prefix: str) -> list[PushArm]:
        """The pushes of the store, those to ids that were merged, told of the ids that stay, and those of the run."""
        arms = []
        if self._highest("dispatches", "seq") is not None:
            arms.append(self._stored(prefix))
            if self._has_merges():
                arms.append(self._pushes_of_merged(prefix + "g"))
        if self.delta.pushes:
            arms.append(_decided(prefix))
        return arms

    def pushes(self) -> exp.Query:
        """The pushes that count: (kind, unit, at, playbook, step, template, channel, category)."""
        selects: list[exp.Query] = []
        for arm in self.push_arms("q"):
            what = [exp.alias_(getattr(arm, name), name) for name in _COLUMNS]
            selects.append(arm.query.select(*what, copy=False))
        if not selects:
            return _no_pushes()
        result = selects[0]
        for select in selects[1:]:
            result = exp.Union(this=result, expression=select, distinct=False)
        return result

    def _stored(self, prefix: str) -> PushArm:
        dispatch, header, step = (prefix + letter for letter in "dhs")
        joins = [
            _join("headers", header, eq(column("header", header), column("header", dispatch))),
            _join("steps", step, eq(column("step", step), column("step", dispatch))),
        ]
        where = [*_queued(column("status", header), column("action", header))]
        if (self._highest("runs", "at") or 0) > self.at:
            run = prefix + "r"
            joins.append(_join("runs", run, eq(column("run", run), column("run", header))))
            where.append(exp.LTE(this=column("at", run), expression=number(self.at)))
        if (self._highest("runs", "end_mark") or 0) > self.mark:
            where.append(exp.LTE(this=column("mark", dispatch), expression=number(self.mark)))
        if self._highest("deliveries", "seq") is not None:
            where.append(exp.Not(this=self._lost(column("seq", dispatch), prefix + "v")))
        query = select_from([], table("dispatches", dispatch), where)
        query.set("joins", joins)
        named = {"playbook": column("playbook", step), "step": column("name", step)}
        shared = {name: column(name, header) for name in ("content", "channel", "category")}
        return _arm(query, dispatch, named, shared)

    def _pushes_of_merged(self, prefix: str) -> PushArm:
        arm, dispatch, merged = self._stored(prefix), prefix + "d", prefix + "m"
        known = exp.LTE(this=column("at", merged), expression=number(self.at))
        arm.query.append("joins", _join("merges", merged, eq(column("unit", merged), column("unit", dispatch))))
        return replace(arm, query=arm.query.where(eq(column("kind", dispatch), number(0)), known), unit=column("target", merged))

    def _lost(self, dispatch: exp.Expression, alias: str) -> exp.Expression:
        """Whether the latest known outcome of a dispatch is one that does not count."""
        where = [
            eq(column("dispatch", alias), dispatch),
            exp.LTE(this=column("at", alias), expression=number(self.at)),
            exp.LTE(this=column("arrived_seq", alias), expression=number(self.mark)),
        ]
        latest = select_from([column("outcome", alias)], table("deliveries", alias), where)
        latest.set("order", exp.Order(expressions=[exp.Ordered(this=column("seq", alias), desc=True)]))
        outcome = exp.Coalesce(this=scalar(latest.limit(1, copy=False)), expressions=[exp.Literal.string("")])
        return exp.In(this=outcome, expressions=[exp.Literal.string(name) for name in LOST])


def _decided(prefix: str) -> PushArm:
    """The pushes of the run. Their headers and steps are the run's own or the store's."""
    dispatch, own, old, step, old_step = (prefix + letter for letter in "dhost")
    joins = [
        _join("run_headers", own, eq(column("header", own), column("header", dispatch)), "LEFT"),
        _join("headers", old, eq(column("header", old), column("header", dispatch)), "LEFT"),
        _join("run_steps", step, eq(column("step", step), column("step", dispatch)), "LEFT"),
        _join("steps", old_step, eq(column("step", old_step), column("step", dispatch)), "LEFT"),
    ]

    def header(name: str) -> exp.Expression:
        return exp.Coalesce(this=column(name, own), expressions=[column(name, old)])

    def stepped(name: str) -> exp.Expression:
        return exp.Coalesce(this=column(name, step), expressions=[column(name, old_step)])

    query = select_from([], table("run_dispatches", dispatch), _queued(header("status"), header("action")))
    query.set("joins", joins)
    shared = {name: header(name) for name in ("content", "channel", "category")}
    return _arm(query, dispatch, {"playbook": stepped("playbook"), "step": stepped("name")}, shared)


def _arm(
    query: exp.Select, dispatch: str, named: Mapping[str, exp.Expression], shared: Mapping[str, exp.Expression]
) -> PushArm:
    return PushArm(
        query=query, kind=column("kind", dispatch), unit=column("unit", dispatch), at=column("not_before", dispatch),
        playbook=named["playbook"], step=named["step"], template=template_of(shared["content"]),
        channel=shared["channel"], category=shared["category"],
    )


def template_of(content: exp.Expression) -> exp.Expression:
    """The name of a template from ``name@digest``, where the digest is hexadecimal."""
    name_at = exp.Anonymous(this="RTRIM", expressions=[content, exp.Literal.string(HEX)])
    length = exp.Sub(this=exp.Length(this=name_at.copy()), expression=number(1))
    return exp.Anonymous(this="SUBSTR", expressions=[name_at, number(1), length])


def _queued(status: exp.Expression, action: exp.Expression) -> list[exp.Expression]:
    sends = one_of(action, [exp.Literal.string(name) for name in ("push", "welcome")])
    return [eq(status, exp.Literal.string("queued")), sends]


def _join(name: str, alias: str, on: exp.Expression, side: str | None = None) -> exp.Join:
    return exp.Join(this=table(name, alias), on=on, side=side)


def _no_pushes() -> exp.Select:
    what = [exp.alias_(exp.null(), name) for name in _COLUMNS]
    return select_from(what, table("members", "q"), [exp.false()])
