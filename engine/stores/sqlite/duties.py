"""Whose work it is: what stands in ``tasks``, how it stands at an instant, and who is responsible for it then.

Nobody is written down as responsible but where the playbook names somebody. Open work belongs to whoever serves the member
now, so that a change of staff moves it; what is done stays with whoever was responsible when it was done.
"""

from __future__ import annotations


def reading_duties(select: str) -> str:
    """A statement whose ``select`` reads ``duties``: work as it stands at ``:at`` with ``staff_id`` and ``staff_name``.

    ``done_at`` is NULL of what is open. Pushes that did not go out leave nothing to confirm and are left out.
    """
    return _DUTIES + select


# People are told by their id, else by a name that only one of them has; one who is no staff is taken as written.
_DUTIES = """
WITH stated AS (
  SELECT k.*, f.done AS said, f.at AS said_at
  FROM tasks k LEFT JOIN task_facts f ON f.seq = (
    SELECT x.seq FROM task_facts x WHERE x.task = k.seq AND x.at <= :at AND x.arrived <= :at
    ORDER BY x.at DESC, x.seq DESC LIMIT 1)
  WHERE k.at <= :at AND k.arrived <= :at
),
answered AS (
  SELECT s.*, v.outcome, CASE
    WHEN s.said = 1 THEN s.said_at
    WHEN s.kind = 'confirm' AND v.outcome = 'confirmed' AND coalesce(s.said_at < v.at, 1) THEN v.at END AS done_at
  FROM stated s LEFT JOIN deliveries v ON v.seq = (
    SELECT max(x.seq) FROM deliveries x WHERE x.dispatch = s.dispatch AND x.at <= :at)
),
standing AS (
  SELECT *, coalesce(done_at, :at) AS seen FROM answered
  WHERE kind <> 'confirm' OR coalesce(outcome, '') NOT IN ('failed', 'refused', 'withdrawn')
),
served AS (
  SELECT w.*, CASE
    WHEN w.staff IS NOT NULL THEN w.staff
    WHEN w.unit_kind = 1 THEN (
      SELECT f.value FROM group_facts f
      WHERE f.property = 'owner' AND f.unit = w.unit AND f.at <= w.seen AND f.arrived <= w.seen
      ORDER BY f.at DESC, f.seq DESC LIMIT 1)
    ELSE (
      SELECT f.value FROM attribute_facts f
      WHERE f.attribute = (SELECT attribute FROM attributes WHERE name = 'staff') AND f.unit = w.unit
        AND f.at <= w.seen AND f.arrived <= w.seen
      ORDER BY f.at DESC, f.seq DESC LIMIT 1) END AS server
  FROM standing w
),
known AS (
  SELECT w.*, coalesce(
    (SELECT s.staff FROM staff s WHERE s.id = w.server),
    (SELECT min(s.staff) FROM staff s WHERE s.name = w.server HAVING count(*) = 1)) AS person
  FROM served w
),
charged AS (
  SELECT w.*, CASE WHEN w.manager = 0 THEN w.server ELSE (
      SELECT f.value FROM staff_facts f
      WHERE f.property = 'manager' AND f.unit = w.person AND f.at <= w.seen AND f.arrived <= w.seen
      ORDER BY f.at DESC, f.seq DESC LIMIT 1) END AS charge
  FROM known w
),
duties AS (
  SELECT w.*, coalesce(s.id, w.charge) AS staff_id, s.name AS staff_name
  FROM charged w LEFT JOIN staff s ON s.staff = coalesce(
    (SELECT o.staff FROM staff o WHERE o.id = w.charge),
    (SELECT min(o.staff) FROM staff o WHERE o.name = w.charge HAVING count(*) = 1))
)
"""
