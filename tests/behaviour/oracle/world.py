"""A database that is three dictionaries: the rules of the manual, in the most obvious way."""

from . import geo

NEVER = None


class Namespace:
    def __init__(self, space, ttl_us=0, history=False):
        self.space, self.ttl_us, self.history = space, ttl_us, history
        self.live = {}  # id -> dict(at, time_us, expires_us, payload)
        self.gone = {}  # id -> time of its end
        self.tracks = {}  # id -> [(time_us, order of writing, at)]
        self.known = []  # ids that have a handle, in order


class World:
    """One database and its clock."""

    def __init__(self, clock_us, in_memory):
        self.clock_us, self.in_memory = clock_us, in_memory
        self.spaces, self.order = {}, 0

    def create(self, name, space, ttl_us=0, history="default"):
        keeps = {"on": True, "off": False, "default": not self.in_memory}[history]
        self.spaces[name] = Namespace(space, ttl_us, keeps)

    def bury_expired(self, ns, only=None):
        """What has expired is gone for every reader and for the next writer."""
        dead = [i for i, o in ns.live.items() if is_expired(o, self.clock_us)]
        for i in dead:
            if only is None or i == only:
                ns.gone[i] = ns.live.pop(i)["time_us"]
        return len(dead)

    def here(self, ns):
        return {i: o for i, o in ns.live.items() if not is_expired(o, self.clock_us)}

    def upsert(self, ns, id, at, time_us=None, payload=None, ttl_us=0):
        time_us = self.clock_us if time_us is None else time_us
        if id not in ns.known:
            ns.known.append(id)
        self.bury_expired(ns, only=id)
        self.order += 1
        if ns.history:
            ns.tracks.setdefault(id, []).append((time_us, self.order, at))
        old = ns.live.get(id)
        if old is not None and time_us < old["time_us"]:
            return "LATE"
        if old is None and id in ns.gone and time_us <= ns.gone[id]:
            return "LATE"
        ttl = ttl_us or ns.ttl_us
        ns.live[id] = {
            "at": at,
            "time_us": time_us,
            "expires_us": self.clock_us + ttl if ttl else NEVER,
            "payload": (old or {}).get("payload") if payload is None else (payload or None),
        }
        ns.gone.pop(id, None)
        return "MOVED" if old is not None else "CREATED"

    def delete(self, ns, id):
        self.bury_expired(ns, only=id)
        if id not in ns.live:
            return False
        ns.gone[id] = ns.live.pop(id)["time_us"]
        return True

    def rows(self, ns, q):
        """All rows of a query, before the limit; and whether they have an order."""
        here = self.here(ns)
        origin_id = q.get("around")
        origin = here[origin_id]["at"] if origin_id is not None else q.get("at")
        found = []
        for id, o in here.items():
            if id == origin_id and q.get("exclude_origin"):
                continue
            if not passes(q, id, o, self.clock_us):
                continue
            ok, distance = matches(ns.space, q, origin, o["at"])
            check_edge(q, distance)
            if ok:
                # An object around which a query is laid comes first, whoever shares its place.
                rank = (distance or 0.0, id != origin_id, id.encode())
                found.append((rank, id, o, distance))
        found.sort(key=lambda row: row[0])
        check_clear(ns.space, q, found)
        rows = []
        for _, id, o, distance in found:
            row = {"id": id, "at": o["at"], "time_us": o["time_us"]}
            if distance is not None:
                row["distance"] = distance
            if o["payload"] is not None:
                row["payload"] = o["payload"]
            rows.append(row)
        return rows, origin is not None

    def track(self, ns, id, start_us, end_us, order, limit):
        points = [p for p in ns.tracks.get(id, []) if start_us <= p[0] <= end_us]
        points.sort(key=lambda p: (p[0], p[1]), reverse=order == "newest_first")
        points = points if limit is None else points[:limit]
        return [[p[0], *p[2]] for p in points]

    def position_at(self, ns, id, time_us, how):
        points = sorted(ns.tracks.get(id, []), key=lambda p: (p[0], p[1]))
        before = [p for p in points if p[0] <= time_us]
        after = [p for p in points if p[0] > time_us]
        if not before:
            return None
        if how == "linear" and after and before[-1][0] < time_us:
            (t0, _, a), (t1, _, b) = before[-1], after[0]
            return geo.between(ns.space, a, b, (time_us - t0) / (t1 - t0))
        return before[-1][2]


def is_expired(o, now_us):
    return o["expires_us"] is not NEVER and o["expires_us"] <= now_us


def passes(q, id, o, now_us):
    if not id.startswith(q.get("id_prefix", "")):
        return False
    if "since_us" in q and o["time_us"] < q["since_us"]:
        return False
    if "max_age_us" in q and now_us - o["time_us"] > q["max_age_us"]:
        return False
    if "altitude" in q and not number(q["altitude"][0]) <= o["at"][2] <= number(q["altitude"][1]):
        return False
    return True


def number(value):
    """A number that JSON may hold as a word."""
    return float(value) if isinstance(value, str) else value


def matches(space, q, origin, p):
    """Whether a place answers the shape of a query, and its distance if it has one."""
    kind = q["kind"]
    if kind in ("circle", "sphere", "cylinder", "nearest"):
        solid = kind in ("sphere", "nearest")
        measure = geo.solid_distance if solid else geo.ground_distance
        distance = measure(space, origin, p)
        ok = distance <= number(q.get("radius", "Infinity"))
        if kind == "cylinder":
            ok = ok and number(q["min_z"]) <= p[2] <= number(q["max_z"])
        return ok, distance
    if kind in ("box", "box_3d"):
        ok = geo.in_box(space, q["min"], q["max"], p)
        if kind == "box_3d":
            ok = ok and number(q["min"][2]) <= p[2] <= number(q["max"][2])
        return ok, None
    if kind == "polygon":
        return geo.in_polygon(q["polygon"], p[0], p[1]), None
    if kind == "everywhere":
        return True, None
    low, high = geo.around_box(space, origin, q["size"][0], q["size"][1])
    ok = geo.in_box(space, low, high, p)
    if kind == "box_3d_around":
        ok = ok and abs(p[2] - origin[2]) <= q["size"][2] / 2
        return ok, geo.solid_distance(space, origin, p)
    return ok, geo.ground_distance(space, origin, p)


def check_clear(space, q, found):
    """Refuses a case whose answer hangs on the last bits of a distance."""
    shown = [row for row in found if row[3] is not None][: q.get("limit", len(found)) + 1]
    for (_, _, o, a), (_, _, p, b) in zip(shown, shown[1:]):
        close = abs(a - b) <= 1e-9 * max(abs(a), abs(b))
        # Distances of one place are equal for everybody, and mirrored ones are in the plane.
        one_place = [abs(o["at"][0]) % 360, o["at"][1]] == [abs(p["at"][0]) % 360, p["at"][1]]
        one_place = one_place and (o["at"][0] == p["at"][0] or abs(o["at"][0]) == 180)
        exact = a == b and (one_place or space == "cartesian")
        assert exact or not close, f"two distances of {q} differ by rounding alone: {a}, {b}"


def check_edge(q, distance):
    """Refuses a case in which an object is on the border of a circle by rounding alone."""
    radius = number(q.get("radius", "Infinity"))
    if distance in (None, radius) or radius == float("inf"):
        return
    assert abs(distance - radius) > 1e-9 * radius, f"a distance of {q} is on the edge: {distance}"
