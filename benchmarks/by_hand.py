"""The conditions of conditions.py as one would write them in SQL: several shapes each, the best of which counts.

A dollar names what differs from store to store: interned numbers, columns, and the bounds of the calendar.
"""

from __future__ import annotations

HELD_0 = "k.tag = $tag0 AND k.since <= $t AND k.until > $t"
HELD_1 = "k.tag = $tag1 AND k.since <= $t AND k.until > $t"
HELD_2 = "k.tag = $tag2 AND k.since <= $t AND k.until > $t"
HELD_4 = "k.tag = $tag4 AND k.since <= $t AND k.until > $t"
CLICKED = "e.type = $click AND e.at >= $yesterday AND e.at < $today AND e.subject >= '猫' AND e.subject < '猬'"
# The sign keeps SQLite from choosing the index by subject.
CLICKED_AT = "e.type = $click AND e.at >= $yesterday AND e.at < $today AND +e.subject >= '猫' AND +e.subject < '猬'"

HELD = (
    f"SELECT k.unit FROM member_tags k WHERE {HELD_0}",
    f"SELECT m.unit FROM members m WHERE EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = m.unit AND {HELD_0})",
    f"SELECT unit FROM members WHERE unit IN (SELECT k.unit FROM member_tags k WHERE {HELD_0})",
)

HELD_WITHOUT = (
    f"""SELECT k.unit FROM member_tags k JOIN members m ON m.unit = k.unit WHERE {HELD_0} AND m.points >= 500
        AND NOT EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = m.unit AND {HELD_4})""",
    f"""SELECT d.unit FROM (SELECT k.unit FROM member_tags k WHERE {HELD_0}) d
        WHERE NOT EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = d.unit AND {HELD_4})
        AND (SELECT points FROM members m WHERE m.unit = d.unit) >= 500""",
    f"""SELECT m.unit FROM members m WHERE m.points >= 500
        AND EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = m.unit AND {HELD_0})
        AND NOT EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = m.unit AND {HELD_4})""",
    f"""SELECT unit FROM members WHERE points >= 500 AND unit IN (SELECT k.unit FROM member_tags k WHERE {HELD_0})
        AND unit NOT IN (SELECT k.unit FROM member_tags k WHERE {HELD_4})""",
)

HELD_EITHER = (
    f"""SELECT d.unit FROM (SELECT k.unit FROM member_tags k WHERE {HELD_1}
          UNION SELECT k.unit FROM member_tags k WHERE {HELD_2}) d
        WHERE (SELECT $city FROM members m WHERE m.unit = d.unit) IN ('上海', '北京')""",
    f"""SELECT m.unit FROM members m WHERE $city IN ('上海', '北京')
        AND (EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = m.unit AND {HELD_1})
          OR EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = m.unit AND {HELD_2}))""",
    f"""SELECT unit FROM members WHERE $city IN ('上海', '北京') AND unit IN
        (SELECT k.unit FROM member_tags k WHERE {HELD_1} UNION ALL SELECT k.unit FROM member_tags k WHERE {HELD_2})""",
)

DID_CLICK = (
    f"SELECT DISTINCT e.unit FROM events e WHERE {CLICKED}",
    f"SELECT e.unit FROM events e WHERE {CLICKED} GROUP BY e.unit",
    f"SELECT DISTINCT e.unit FROM events e WHERE {CLICKED_AT}",
    f"SELECT m.unit FROM members m WHERE EXISTS (SELECT 1 FROM events e WHERE e.unit = m.unit AND {CLICKED})",
)

NO_ORDER = "e.type = $order AND e.at > $t - 604800000000 AND e.at <= $t"
FOLLOW_UP = (
    f"""SELECT d.unit FROM (SELECT DISTINCT e.unit FROM events e WHERE {CLICKED}) d
        WHERE EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = d.unit AND {HELD_0})
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.unit = d.unit AND {NO_ORDER})""",
    f"""SELECT d.unit FROM (SELECT DISTINCT e.unit FROM events e WHERE {CLICKED_AT}) d
        WHERE EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = d.unit AND {HELD_0})
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.unit = d.unit AND {NO_ORDER})""",
    f"""SELECT d.unit FROM (SELECT k.unit FROM member_tags k WHERE {HELD_0}) d
        WHERE EXISTS (SELECT 1 FROM events e WHERE e.unit = d.unit AND {CLICKED})
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.unit = d.unit AND {NO_ORDER})""",
)

RECENT = "type = $order AND {at} > $t - 7776000000000 AND {at} <= $t"
LAPSED = (
    """SELECT unit FROM events WHERE type = $order AND at <= $t GROUP BY unit HAVING MAX(at) <= $t - 3888000000000
       AND SUM(CASE WHEN at > $t - 7776000000000 THEN amount END) >= 30000""",
    f"""SELECT unit FROM events WHERE {RECENT.format(at="at")}
        GROUP BY unit HAVING MAX(at) <= $t - 3888000000000 AND SUM(amount) >= 30000""",
    f"""SELECT unit FROM events WHERE {RECENT.format(at="+at")}
        GROUP BY unit HAVING MAX(at) <= $t - 3888000000000 AND SUM(amount) >= 30000""",
    """SELECT d.unit FROM (SELECT unit FROM events WHERE type = $order AND at > $t - 7776000000000
         AND at <= $t - 3888000000000 GROUP BY unit HAVING SUM(amount) >= 30000) d
       WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.type = $order AND e.unit = d.unit
         AND e.at > $t - 3888000000000 AND e.at <= $t)""",
)

MONTH = "e.type = $order AND e.at > $t - 2592000000000 AND e.at <= $t"
REGULARS = (
    f"""SELECT d.unit FROM (SELECT k.unit FROM member_tags k WHERE {HELD_1}) d
        WHERE NOT EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = d.unit AND {HELD_4})
        AND (SELECT COUNT(*) FROM events e WHERE e.unit = d.unit AND {MONTH}) >= 2""",
    f"""SELECT d.unit FROM (SELECT e.unit FROM events e WHERE {MONTH} GROUP BY e.unit HAVING COUNT(*) >= 2) d
        WHERE EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = d.unit AND {HELD_1})
        AND NOT EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = d.unit AND {HELD_4})""",
    f"""SELECT k.unit FROM member_tags k WHERE {HELD_1}
        AND (SELECT COUNT(*) FROM events e WHERE e.unit = k.unit AND {MONTH}) >= 2
        AND k.unit NOT IN (SELECT k.unit FROM member_tags k WHERE {HELD_4})""",
)

BIRTHDAYS = (
    f"""SELECT m.unit FROM members m WHERE $birthday % 10000 = 1124
        AND EXISTS (SELECT 1 FROM member_tags k WHERE k.unit = m.unit AND {HELD_0})""",
    f"""SELECT m.unit FROM members m JOIN member_tags k ON k.unit = m.unit WHERE $birthday % 10000 = 1124 AND {HELD_0}""",
    f"""SELECT unit FROM members WHERE $birthday % 10000 BETWEEN 1124 AND 1124
        AND unit IN (SELECT k.unit FROM member_tags k WHERE {HELD_0})""",
)

QUARTER = "type = $order AND {at} > $t - 7776000000000 AND {at} <= $t"
SPENDERS = tuple(
    f"SELECT unit FROM events WHERE {QUARTER.format(at=at)} GROUP BY unit HAVING {test}"
    for at in ("at", "+at")
    for test in ("AVG(amount) >= 15000", "SUM(amount) >= 15000 * COUNT(amount)")
)

# The clock of Shanghai is eight hours ahead of UTC all the year.
LATELY = "type = $click AND {at} > $t - 2592000000000 AND {at} <= $t"
DAY_OF = "(at + 28800000000) / 86400000000"
ENOUGH = f"GROUP BY unit HAVING COUNT(*) >= 5 AND COUNT(DISTINCT {DAY_OF}) >= 5"
VISITORS = (
    f"SELECT unit FROM events WHERE {LATELY.format(at='at')} {ENOUGH}",
    f"SELECT unit FROM events WHERE {LATELY.format(at='+at')} {ENOUGH}",
    f"""SELECT unit FROM (SELECT DISTINCT unit, {DAY_OF} AS day FROM events WHERE {LATELY.format(at="+at")})
        GROUP BY unit HAVING COUNT(*) >= 5""",
)

FACTS = "SELECT 1 FROM attribute_facts f WHERE f.attribute = $city_number AND f.unit = m.unit"
STAYED = (
    f"""SELECT m.unit FROM members m WHERE $city = '上海'
        AND NOT EXISTS ({FACTS} AND f.at > $t - 2592000000000 AND f.at <= $t AND f.value IS NOT '上海')
        AND (SELECT value FROM attribute_facts f WHERE f.attribute = $city_number AND f.unit = m.unit
          AND f.at <= $t - 2592000000000 ORDER BY f.at DESC, f.seq DESC LIMIT 1) = '上海'""",
    f"""SELECT m.unit FROM attribute_facts m WHERE m.attribute = $city_number AND m.value = '上海'
        AND m.at <= $t - 2592000000000 AND NOT EXISTS (
          {FACTS} AND (f.at, f.seq) > (m.at, m.seq) AND f.at <= $t AND f.value IS NOT '上海')""",
)

DUE = (
    """SELECT unit FROM events WHERE type = $order AND subject = $subject AND at <= $t GROUP BY unit
       HAVING MAX(at) + 2592000000000 > $t AND MAX(at) + 2592000000000 <= $t + 259200000000""",
    """SELECT e.unit FROM events e WHERE e.type = $order AND +e.subject = $subject
         AND e.at > $t - 2592000000000 AND e.at <= $t - 2332800000000
         AND NOT EXISTS (SELECT 1 FROM events l WHERE l.type = $order AND l.subject = $subject AND l.unit = e.unit
           AND l.at > e.at AND l.at <= $t)""",
)

OWN_INDEXES = (
    "CREATE INDEX hand_click_at ON events (at, subject, unit, type) WHERE type = $click",
    "CREATE INDEX hand_order_unit ON events (unit, at, amount, type) WHERE type = $order",
    "CREATE INDEX hand_birthday ON members ($birthday % 10000, points)",
    "CREATE INDEX hand_points ON members (points, $birthday, $city)",
)
