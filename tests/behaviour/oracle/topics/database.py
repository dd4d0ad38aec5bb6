"""The database as a whole: namespaces, figures, reopening, locks, damage; and every refusal."""

from ..book import Book, START_US

S = 1_000_000
FLEET = {"a": (1, 1), "b": (2, 2, 20), "c": (3, 3)}


def namespaces():
    book = Book("namespaces", "Namespaces: their settings, their names, and that they do not mix.")
    case = book.case("namespaces: none at first, then in the order of making")
    case.step("namespaces", None, {"names": []})
    for name in ("zebra", "ant", "\u00fcber stra\u00dfe", "x" * 255):
        case.create(name, "cartesian")
    case.step("namespaces", None, {"names": ["zebra", "ant", "\u00fcber stra\u00dfe", "x" * 255]})
    case = book.case("namespaces: settings are kept, in memory")
    for n, (space, ttl_us, history) in enumerate((
        ("geographic", 0, "default"), ("cartesian", 5 * S, "on"), ("geographic", 1, "off"), ("cartesian", 2**53 + 1, "default"),
    )):
        case.create(f"n{n}", space, ttl_us=ttl_us, history=history)
        case.settings(ns=f"n{n}")
    case = book.case("namespaces: settings are kept, in a directory", where="directory")
    for n, (space, ttl_us, history) in enumerate((("geographic", 0, "default"), ("cartesian", 5 * S, "off"), ("cartesian", 0, "on"))):
        case.create(f"n{n}", space, ttl_us=ttl_us, history=history)
    case.reopen()
    case.step("namespaces", None, {"names": ["n0", "n1", "n2"]})
    for n in range(3):
        case.settings(ns=f"n{n}")
    case = book.case("namespaces: the same ids in two of them are two objects", "geographic")
    case.create("plane", "cartesian")
    case.upsert("a", (1, 1), payload="globe")
    case.upsert("a", (1000, 1000), payload="plane", ns="plane")
    case.delete("a")
    case.get("a")
    case.get("a", ns="plane")
    case.query("everywhere")
    case.query("everywhere", ns="plane")
    case.count(ns="plane")
    case = book.case("namespaces: making one again with the same settings opens it", "geographic", ttl_us=7)
    case.upsert("a", (1, 1))
    case.step("create_namespace", {"name": "main", "space": "geographic", "ttl_us": 7})
    case.count()
    case.step("open_namespace", {"name": "main"})
    case.count()
    for args in ({"space": "cartesian", "ttl_us": 7}, {"space": "geographic"}, {"space": "geographic", "ttl_us": 7, "history": "on"}):
        case.fail("create_namespace", {"name": "main", **args}, "ALREADY_EXISTS", "main")
    case = book.case("namespaces: a missing one is not found")
    case.fail("open_namespace", {"name": "ghost"}, "NOT_FOUND", "namespace", "ghost")
    case.fail("open_namespace", {"name": ""}, "NOT_FOUND", "namespace")
    case = book.case("namespaces: bad names are refused")
    case.fail("create_namespace", {"name": "", "space": "geographic"}, "INVALID_ARGUMENT", "empty")
    case.fail("create_namespace", {"name": "x" * 256, "space": "geographic"}, "LIMIT_EXCEEDED", "256", "255")
    case = book.case("namespaces: settings that only a number can get wrong", needs=["raw"])
    case.fail("create_namespace", {"name": "n", "space": "#2"}, "INVALID_ARGUMENT", "space", "2")
    case.fail("create_namespace", {"name": "n", "space": "geographic", "history": "#3"}, "INVALID_ARGUMENT", "history", "3")
    case.fail("create_namespace", {"name": "n", "space": "geographic", "ttl_us": -1}, "INVALID_ARGUMENT", "ttl_us", "-1")
    case.step("namespaces", None, {"names": []})
    yield book


def reopening():
    book = Book("reopening", "Closed and opened again, in the middle of a life: nothing is lost, the rules go on.")
    for sync in ("every", "always", "never"):
        case = book.case(f"reopening: everything is there, sync {sync}", "geographic", where="directory", sync=sync)
        case.put(FLEET)
        case.upsert("a", (4, 4), time_us=START_US + 5, payload="kept")
        case.delete("c")
        case.reopen(sync=sync)
        for id in FLEET:
            case.get(id)
        case.upsert("a", (5, 5), time_us=START_US + 4)
        case.get("a")
        case.trajectory(["a"], order="oldest_first")
        case.query("nearest", at=(2, 2), limit=9)
        case.count()
        case.reopen(sync=sync)
        case.trajectory(["a"], order="oldest_first")
    case = book.case("reopening: many times, with checkpoints between", "geographic", where="directory")
    for round in range(4):
        case.clock(S)
        case.put({"a": (round, 0), f"r{round}": (round, round)})
        if round % 2:
            case.step("checkpoint")
        case.upsert("b", (0, round))
        case.reopen()
        case.query("everywhere")
    case.trajectory(["a", "b"], order="oldest_first")
    case = book.case("reopening: segments so small that there are many", "geographic", where="directory", segment_bytes=4096, buffer_records=8)
    for round in range(4):
        case.clock(S)
        case.upsert_batch([f"o{n:02}" for n in range(40)], [(n + round * 0.1, n) for n in range(40)])
    case.reopen(segment_bytes=4096)
    case.count()
    case.get("o17")
    case.trajectory(["o17", "o39"], order="oldest_first")
    case.step("stats", None, {"namespaces": 1, "objects": 40, "handles": 40, "segments": {"at_least": 2}})
    case = book.case("reopening: the report says what was found", "geographic", where="directory")
    case.step("recovery", None, {"has_checkpoint": False, "records_kept": 0, "bytes_dropped": 0, "first_bad_offset": None})
    case.put(FLEET)
    case.reopen()
    case.step("recovery", None, {"has_checkpoint": True, "bytes_dropped": 0, "first_bad_offset": None})
    case.step("recovery_text", None, {"contains": ["segment", "records kept", "0 bytes dropped"]})
    case = book.case("reopening: a database in memory has an empty report", "geographic")
    case.step("recovery", None, {"has_checkpoint": False, "segments": 0, "records_kept": 0, "bytes_dropped": 0, "first_bad_offset": None})
    case.step("recovery_text", None, {"contains": ["0 segments"]})
    case = book.case("reopening: flush, sync and checkpoint keep everything as it is", "geographic", where="directory")
    for op in ("flush", "sync", "checkpoint"):
        case.clock(1)
        case.put(FLEET)
        case.step(op)
        case.query("everywhere")
    case.step("stats", None, {"buffered_records": 0})
    case = book.case("reopening: flush, sync and checkpoint of a database in memory do nothing", "geographic")
    case.put(FLEET)
    for op in ("flush", "sync", "checkpoint"):
        case.step(op)
    case.query("everywhere")
    case = book.case("reopening: a closed database refuses its namespaces", "geographic", where="directory")
    case.put(FLEET)
    case.step("find_handle", {"id": "a"}, {"found": True}, bind="a")
    case.step("close")
    xy = {"x": [1], "y": [1]}
    square = [[[[0, 0], [1, 0], [1, 1]]]]
    everything = {"handles": ["@a"], "start_us": 0, "end_us": 1, "order": "oldest_first"}
    for op, args in (
        ("count", {}), ("get", {"id": "a"}), ("get_by_handle", {"handle": "@a"}), ("get_payload", {"handle": "@a"}),
        ("get_batch", {"handles": ["@a"]}), ("intern", {"id": "z"}), ("intern_batch", {"ids": ["z"]}), ("id", {"handle": "@a"}),
        ("ids", {"handles": ["@a"]}), ("find_handle", {"id": "a"}),
        ("upsert", {"id": "a", "at": (1, 1)}), ("move", {"handle": "@a", "at": (1, 1)}), ("move_batch", {"handles": ["@a"], **xy}),
        ("upsert_batch", {"ids": ["a"], **xy}), ("insert_trajectory", {"id": "a", "time_us": [1], **xy}), ("delete", {"id": "a"}),
        ("delete_batch", {"handles": ["@a"]}), ("query", {"kind": "everywhere"}), ("query_run", {"queries": [{"kind": "everywhere"}]}),
        ("query_radius", {"at": (1, 1), "radius": 1}), ("query_box", {"min": (0, 0), "max": (1, 1)}), ("query_polygon", {"polygon": square}),
        ("query_near", {"origin": "@a", "radius": 1}), ("knn", {"at": (1, 1), "k": 1}), ("convex_hull", {}), ("bounds", {}),
        ("trajectory", everything), ("positions_at", {"handles": ["@a"], "time_us": 1, "interpolation": "last"}),
        ("distance_between", {"a": ["@a"], "b": ["@a"], "metric": "haversine"}), ("distance_to", {"handles": ["@a"], "at": (1, 1), "metric": "haversine"}),
    ):
        case.fail(op, args, "CLOSED", "closed")
    case.step("open")
    case.query("everywhere")
    yield book


def doors():
    book = Book("opening", "Who may open what: locks, reading only, paths that are none.")
    case = book.case("opening: a second writer is refused", "geographic", where="directory")
    case.put(FLEET)
    case.fail("open", {"as": "second"}, "LOCKED", "db")
    case.query("everywhere")
    case.step("close")
    case.step("open", {"as": "second"})
    case.step("count", {"db": "second"}, {"objects": 3})
    case.fail("open", {}, "LOCKED")
    case = book.case("opening: a reader beside the writer sees what was flushed", "geographic", where="directory")
    case.put(FLEET)
    case.step("sync")
    case.step("open", {"as": "reader", "options": {"read_only": True}})
    case.step("count", {"db": "reader"}, {"objects": 3})
    case.step("get", {"id": "b", "db": "reader"}, {"found": True, "at": [2, 2, 20], "time_us": START_US, "expires_us": None, "payload": None})
    case.upsert("d", (4, 4))
    case.step("count", {"db": "reader"}, {"objects": 3})
    case.count()
    case = book.case("opening: for reading only refuses changes and answers questions", "geographic", where="directory")
    case.put(FLEET)
    case.step("find_handle", {"id": "a"}, {"found": True}, bind="a")
    case.reopen(read_only=True)
    xy = {"x": [1], "y": [1]}
    for op, args in (
        ("upsert", {"id": "a", "at": (1, 1)}), ("move", {"handle": "@a", "at": (1, 1)}), ("move_batch", {"handles": ["@a"], **xy}),
        ("upsert_batch", {"ids": ["a"], **xy}), ("insert_trajectory", {"id": "a", "time_us": [1], **xy}), ("delete", {"id": "a"}),
        ("delete_batch", {"handles": ["@a"]}), ("intern", {"id": "new"}), ("intern_batch", {"ids": ["new"]}), ("checkpoint", {}), ("sweep", {}),
        ("create_namespace", {"name": "new", "space": "geographic"}),
    ):
        case.fail(op, args, "READ_ONLY", "reading only")
    case.query("everywhere")
    case.get("b")
    case.trajectory(["a"])
    case.step("create_namespace", {"name": "main", "space": "geographic"})
    case.reopen()
    case.count()
    case.upsert("d", (4, 4))
    case = book.case("opening: nothing is there to be read only")
    case.fail("open", {"as": "reader", "path": "nothing", "options": {"read_only": True}}, "NOT_FOUND", "nothing")
    case = book.case("opening: in memory for reading only makes no sense")
    case.fail("open", {"as": "other", "memory": True, "options": {"read_only": True}}, "INVALID_ARGUMENT", "read_only")
    case = book.case("opening: a file is no directory", where="directory")
    case.step("write_file", {"file": "plain", "text": "no database"})
    case.fail("open", {"as": "other", "path": "plain"}, "IO", "plain")
    case = book.case("opening: options that are wrong", needs=["raw"])
    for options, words in (({"sync": "#3"}, ["sync_policy", "3"]), ({"recovery": "#2"}, ["recovery", "2"]), ({"sync_period_us": 0}, ["sync_period_us", "0"]), ({"sync_period_us": -5}, ["sync_period_us", "-5"])):
        case.fail("open", {"as": "other", "path": "new", "options": options}, "INVALID_ARGUMENT", *words)
    case = book.case("opening: a newer version of the format is refused untouched", where="directory")
    case.step("close")
    # The major version stands at byte 8; the header's checksum is put right by nobody, and the
    # version is looked at first.
    case.step("write_bytes", {"file": "db/00000001.log", "offset": 8, "bytes": [2, 0]})
    case.fail("open", {}, "FORMAT_VERSION", "2")
    case.fail("check", {"path": "db"}, "FORMAT_VERSION", "2")
    case.fail("salvage", {"source": "db", "target": "new"}, "FORMAT_VERSION", "2")
    yield book


def damage():
    book = Book("damage", "Files that are not what was written: a torn end is dropped and told, anything else refuses.")

    def stage(name, **options):
        case = book.case(name, "geographic", where="directory")
        case.put(FLEET)
        case.clock(1)
        case.put({"a": (5, 5)})
        return case

    sound = {"is_sound": True, "damaged_files": 0, "torn_tails": 0}
    case = stage("damage: a sound database is sound")
    case.step("close")
    case.step("check", {"path": "db"}, {**sound, "files": 2, "records": {"at_least": 5}, "contains": ["00000001.log", "sound"]})
    case.step("salvage", {"source": "db", "target": "copy"}, {"damaged": 0, "bytes_dropped": 0, "contains": ["0 damaged"]})
    case.step("check", {"path": "copy"}, sound)
    case.step("open", {"path": "copy"})
    case.query("everywhere")
    case.trajectory(["a"])
    case = stage("damage: garbage behind the end is a torn tail")
    case.step("close")
    case.step("write_bytes", {"file": "db/00000001.log", "offset": "end", "bytes": [9, 9, 9, 9, 9, 9, 9]})
    case.step("check", {"path": "db"}, {**sound, "torn_tails": 1, "contains": ["torn"]})
    case.step("open")
    case.step("recovery", None, {"bytes_dropped": 7, "first_bad_offset": {"at_least": 64}})
    case.step("recovery_text", None, {"contains": ["7 bytes dropped", "00000001.log"]})
    case.query("everywhere")
    case.upsert("d", (7, 7))
    case.reopen()
    case.count()
    case = stage("damage: a byte in the middle refuses to open")
    case.step("close")
    case.step("remove_file", {"file": "db", "ending": ".ckpt"})
    case.step("flip_byte", {"file": "db/00000001.log", "offset": 120})
    case.step("check", {"path": "db"}, {"is_sound": False, "damaged_files": 1, "torn_tails": 0, "contains": ["DAMAGED", "damaged"]})
    case.fail("open", {}, "CORRUPT", "00000001.log", "at byte")
    case.fail("open", {"options": {"read_only": True}}, "CORRUPT", "00000001.log")
    case.step("salvage", {"source": "db", "target": "saved"}, {"damaged": 1, "bytes_dropped": {"at_least": 1}, "contains": ["1 damaged", "00000001.log"]})
    case.step("check", {"path": "saved"}, sound)
    case.fail("open", {}, "CORRUPT")
    case.step("open", {"options": {"recovery": "salvage"}})
    case.step("recovery", None, {"bytes_dropped": {"at_least": 1}, "first_bad_offset": {"at_least": 64}})
    case.step("close")
    case.step("check", {"path": "db"}, sound)
    case.step("open")
    case = stage("damage: beside a checkpoint, what it holds is there")
    case.step("close")
    case.step("flip_byte", {"file": "db/00000001.log", "offset": 120})
    case.step("open", {"options": {"recovery": "salvage"}})
    case.query("everywhere")
    case = stage("damage: a damaged checkpoint is passed over")
    case.step("close")
    case.step("flip_byte", {"file": "db", "ending": ".ckpt", "offset": 70})
    case.step("check", {"path": "db"}, {"is_sound": False, "damaged_files": 1})
    case.step("open")
    case.step("recovery", None, {"has_checkpoint": False, "bytes_dropped": 0})
    case.query("everywhere")
    case = stage("damage: a foreign file is left alone and named")
    case.step("write_file", {"file": "db/notes.txt", "text": "mine"})
    case.reopen()
    case.step("recovery_text", None, {"contains": ["notes.txt"]})
    case.query("everywhere")
    case = book.case("damage: nothing to check or to salvage")
    case.fail("check", {"path": "nothing"}, "NOT_FOUND", "nothing")
    case.fail("salvage", {"source": "nothing", "target": "new"}, "NOT_FOUND", "nothing")
    case = stage("damage: salvage does not write over a database")
    case.step("close")
    case.fail("salvage", {"source": "db", "target": "db"}, "ALREADY_EXISTS", "db")
    yield book


def figures():
    book = Book("stats", "Figures about the whole database.")
    case = book.case("stats: of nothing")
    case.step("stats", None, {"namespaces": 0, "objects": 0, "handles": 0, "disk_bytes": 0, "segments": 0, "records": 0, "last_seq": 0})
    case = book.case("stats: in memory", "geographic")
    case.create("other", "cartesian")
    case.put(FLEET)
    case.put({"x": (0, 0)}, ns="other")
    case.step("intern", {"id": "name only"})
    case.delete("a")
    case.step("stats", None, {"namespaces": 2, "objects": 3, "handles": 5, "leaves": {"at_least": 2}, "memory_bytes": {"at_least": 100}, "disk_bytes": 0})
    case = book.case("stats: in a directory", "geographic", where="directory", sync="never")
    # One record for the namespace, and for each of three objects its name and its move.
    case.put(FLEET)
    case.step("stats", None, {"namespaces": 1, "objects": 3, "handles": 3, "segments": 1, "records": 7, "last_seq": 7, "buffered_records": 7})
    case.step("flush")
    case.step("stats", None, {"buffered_records": 0, "disk_bytes": {"at_least": 200}})
    case.step("sync")
    case.step("stats", None, {"last_seq": 7, "durable_seq": 7})
    yield book


def refusals():
    book = Book("refusals", "Every operation refuses what cannot be, and names the argument and its value.")
    places = [
        ("geographic", (180.5, 0), ("lon", "180.5")), ("geographic", (-181, 0), ("lon", "-181")), ("geographic", (0, 90.25), ("lat", "90.25")),
        ("geographic", ("NaN", 0), ("lon", "NaN")), ("geographic", (0, "-Infinity"), ("lat", "-inf")), ("geographic", (0, 0, "NaN"), ("alt", "NaN")),
        ("geographic", (0, 0, "Infinity"), ("alt", "inf")), ("cartesian", ("Infinity", 0), ("x", "inf")), ("cartesian", (0, "NaN"), ("y", "NaN")), ("cartesian", (0, 0, "-Infinity"), ("z", "-inf")),
    ]
    for space, at, words in places:
        case = book.case(f"refusals: {space} {words[0]} {words[1]}", space, history="on")
        case.upsert("a", (1, 1))
        column = {"x": [at[0]], "y": [at[1]], **({"z": [at[2]]} if len(at) > 2 else {})}
        case.fail("upsert", {"id": "a", "at": at}, "OUT_OF_RANGE", *words)
        case.fail("upsert", {"id": "new", "at": at}, "OUT_OF_RANGE", *words)
        case.fail("move", {"handle": "a", "at": at}, "OUT_OF_RANGE", *words)
        case.fail("upsert_batch", {"ids": ["a"], **column}, "OUT_OF_RANGE", *words, row=0)
        case.fail("move_batch", {"handles": ["a"], **column}, "OUT_OF_RANGE", *words, row=0)
        case.fail("insert_trajectory", {"id": "a", "time_us": [1], **column}, "OUT_OF_RANGE", *words, row=0)
        for kind, size in (("circle", {"radius": 1}), ("sphere", {"radius": 1}), ("cylinder", {"radius": 1, "min_z": 0, "max_z": 1}), ("nearest", {"limit": 1}), ("box_around", {"size": (1, 1)}), ("box_3d_around", {"size": (1, 1, 1)})):
            case.fail("query", {"kind": kind, "at": at, **size}, "OUT_OF_RANGE", *words)
        case.fail("query_radius", {"at": at, "radius": 1}, "OUT_OF_RANGE", *words)
        case.fail("knn", {"at": at, "k": 1}, "OUT_OF_RANGE", *words)
        metric = "haversine" if space == "geographic" else "euclidean"
        case.fail("distance_to", {"handles": ["a"], "at": at, "metric": metric}, "OUT_OF_RANGE", *words)
        case.fail("distance", {"space": space, "metric": metric, "from": at, "to": (0, 0)}, "OUT_OF_RANGE", *words)
        case.step("find_handle", {"id": "new"}, {"found": False})
        case.get("a")
    for size, word in ((-1.5, "-1.5"), ("NaN", "NaN"), ("Infinity", "inf"), ("-Infinity", "-inf")):
        case = book.case(f"refusals: a size of {size}", "cartesian")
        case.upsert("a", (1, 1))
        for origin in ({"at": (0, 0)}, {"around": "a"}):
            for kind in ("circle", "sphere"):
                case.fail("query", {"kind": kind, "radius": size, **origin}, "OUT_OF_RANGE", "radius", word)
            case.fail("query", {"kind": "cylinder", "radius": size, "min_z": 0, "max_z": 1, **origin}, "OUT_OF_RANGE", "radius", word)
            if size != "Infinity":
                case.fail("query", {"kind": "nearest", "radius": size, "limit": 1, **origin}, "OUT_OF_RANGE", "within", word)
            for n, name in enumerate(("width", "height", "depth")):
                sides = [1, 1, 1]
                sides[n] = size
                case.fail("query", {"kind": "box_3d_around", "size": sides, **origin}, "OUT_OF_RANGE", name, word)
                if n < 2:
                    case.fail("query", {"kind": "box_around", "size": sides[:2], **origin}, "OUT_OF_RANGE", name, word)
        case.fail("query_radius", {"at": (0, 0), "radius": size}, "OUT_OF_RANGE", "radius", word)
        case.fail("query_near", {"origin": "a", "radius": size}, "OUT_OF_RANGE", "radius", word)
    for space in ("geographic", "cartesian"):
        case = book.case(f"refusals: boxes upside down, {space}", space)
        for op, kind in (("query", {"kind": "box"}), ("query_box", {})):
            case.fail(op, {**kind, "min": (0, 5), "max": (1, 4)}, "INVALID_ARGUMENT", "min_y", "5", "max_y", "4")
            case.fail(op, {**kind, "min": ("NaN", 0), "max": (1, 1)}, "OUT_OF_RANGE", "min_x", "NaN")
            case.fail(op, {**kind, "min": (0, 0), "max": (1, "Infinity")}, "OUT_OF_RANGE", "max_y", "inf")
            if space == "cartesian":
                case.fail(op, {**kind, "min": (2, 0), "max": (1, 1)}, "INVALID_ARGUMENT", "min_x", "2", "max_x", "1")
            else:
                case.fail(op, {**kind, "min": (-180.5, 0), "max": (1, 1)}, "OUT_OF_RANGE", "min_x", "-180.5")
                case.fail(op, {**kind, "min": (0, 0), "max": (1, 91)}, "OUT_OF_RANGE", "max_y", "91")
        for low, high, status, words in ((5, 1, "INVALID_ARGUMENT", ("min_z", "5", "max_z", "1")), ("NaN", 1, "OUT_OF_RANGE", ("min_z", "NaN")), (1, "NaN", "OUT_OF_RANGE", ("max_z", "NaN")), ("Infinity", 0, "INVALID_ARGUMENT", ("min_z", "inf"))):
            case.fail("query", {"kind": "box_3d", "min": (0, 0, low), "max": (1, 1, high)}, status, *words)
            case.fail("query", {"kind": "cylinder", "at": (0, 0), "radius": 1, "min_z": low, "max_z": high}, status, *words)
            # A filter of altitudes has names of its own in some languages.
            case.fail("query", {"kind": "everywhere", "altitude": [low, high]}, status, words[1])
    case = book.case("refusals: ids that are none", "geographic", history="on")
    for id, status, words in (("", "INVALID_ARGUMENT", ["id", "empty"]), ("x" * 256, "LIMIT_EXCEEDED", ["id", "256", "255"]), ("\u00fc" * 128, "LIMIT_EXCEEDED", ["id", "256", "255"])):
        case.fail("upsert", {"id": id, "at": (1, 1)}, status, *words)
        case.fail("upsert_batch", {"ids": ["a", id], "x": [1, 2], "y": [1, 2]}, status, *words, row=1)
        case.fail("insert_trajectory", {"id": id, "time_us": [1], "x": [1], "y": [1]}, status, *words)
        case.fail("delete", {"id": id}, status, *words)
        case.fail("get", {"id": id}, status, *words)
        case.fail("intern", {"id": id}, status, *words)
        case.fail("intern_batch", {"ids": ["a", id]}, status, *words, row=1)
    case.count()
    case = book.case("refusals: times to live below zero", "geographic", needs=["raw"])
    case.fail("upsert", {"id": "a", "at": (1, 1), "ttl_us": -1}, "INVALID_ARGUMENT", "ttl_us", "-1")
    case.fail("upsert_batch", {"ids": ["a"], "x": [1], "y": [1], "ttl_us": [-1]}, "INVALID_ARGUMENT", "ttl_us", row=0)
    case.count()
    case = book.case("refusals: kinds, flags and orders that no number names", "geographic", history="on", needs=["raw"])
    case.upsert("a", (1, 1))
    case.fail("query", {"kind": "#0"}, "INVALID_ARGUMENT", "kind", "0")
    case.fail("query", {"kind": "#99"}, "INVALID_ARGUMENT", "kind", "99")
    case.fail("trajectory", {"handles": ["a"], "start_us": 0, "end_us": 1, "order": "#2"}, "INVALID_ARGUMENT", "order", "2")
    case.fail("positions_at", {"handles": ["a"], "time_us": 1, "interpolation": "#2"}, "INVALID_ARGUMENT", "interpolation", "2")
    case.fail("distance_to", {"handles": ["a"], "at": (1, 1), "metric": "#4"}, "INVALID_ARGUMENT", "metric", "4")
    case.fail("distance_between", {"a": ["a"], "b": ["a"], "metric": "#4"}, "INVALID_ARGUMENT", "metric", "4")
    case.fail("distance", {"space": "geographic", "metric": "#4", "from": (0, 0), "to": (1, 1)}, "INVALID_ARGUMENT", "metric", "4")
    case.fail("distance", {"space": "#2", "metric": "haversine", "from": (0, 0), "to": (1, 1)}, "INVALID_ARGUMENT", "space", "2")
    case = book.case("refusals: ids that are not UTF-8", "geographic", history="on", needs=["raw"])
    bad = {"id_bytes": [97, 255]}
    for op, args in (("upsert", {"at": (1, 1)}), ("get", {}), ("delete", {}), ("intern", {}), ("find_handle", {}), ("insert_trajectory", {"time_us": [1], "x": [1], "y": [1]})):
        case.fail(op, {**bad, **args}, "INVALID_UTF8", "id")
    yield book


def library():
    book = Book("library", "What the library says of itself; cancelling; the columns of Arrow.")
    case = book.case("library: its version")
    case.step("version", None, {"parts": 3})
    case = book.case("library: every status has its name", needs=["raw"])
    case.step("abi_version", None, {"version": 1})
    names = {
        0: "OK", 1: "INVALID_ARGUMENT", 2: "NULL_POINTER", 3: "OUT_OF_RANGE", 4: "BUFFER_TOO_SMALL", 5: "NOT_FOUND", 6: "ALREADY_EXISTS",
        7: "CLOSED", 8: "LOCKED", 9: "UNSUPPORTED", 10: "CANCELLED", 12: "LIMIT_EXCEEDED", 13: "READ_ONLY", 15: "INVALID_UTF8", 32: "IO",
        33: "CORRUPT", 34: "FORMAT_VERSION", 35: "NO_SPACE", 36: "POISONED", 64: "OUT_OF_MEMORY", 65: "INTERNAL", 66: "PANIC",
    }
    for number, name in {**names, 11: "UNKNOWN", -1: "UNKNOWN", 1000: "UNKNOWN"}.items():
        case.step("status_name", {"status": number}, {"name": name})
    case = book.case("library: a cancelled query gives nothing, and can be asked again", "cartesian", history="on")
    case.put({f"p{n:03}": (n, n) for n in range(300)})
    for kind, shape in (("everywhere", {}), ("circle", {"at": (0, 0), "radius": 1000}), ("nearest", {"at": (0, 0), "limit": 3})):
        case.fail("query", {"kind": kind, **shape, "cancelled": True}, "CANCELLED")
    case.query("nearest", at=(0, 0), limit=3)
    case = book.case("library: a cancelled trajectory gives nothing, and can be asked again", "cartesian", history="on", needs=["raw"])
    case.put({"a": (1, 1), "b": (2, 2)})
    case.fail("trajectory", {"handles": ["a"], "start_us": 0, "end_us": 2**62, "order": "oldest_first", "cancelled": True}, "CANCELLED")
    case.trajectory(["a"])
    case = book.case("arrow: rows by id come in by columns", "geographic", needs=["arrow"])
    case.upsert_batch(["a", "b", "c"], [(1, 1), (2, 2, 20), (3, 3)], time_us=[1000, 2000, 3000], payloads=[None, "two", None])
    case.steps[-1]["op"] = "upsert_arrow"
    case.query("everywhere")
    case.upsert_batch(["a", "d"], [(5, 5), (6, 6)], time_us=[999, 999])
    case.steps[-1]["op"] = "upsert_arrow"
    case.query("everywhere")
    case.fail("upsert_arrow", {"ids": ["a", "b"], "x": [1, 200], "y": [1, 2]}, "OUT_OF_RANGE", "lon", "200", row=1)
    case = book.case("arrow: the rows of a query go out by columns", "geographic", needs=["arrow"])
    case.upsert_batch(["a", "b", "c"], [(1, 1), (2, 2, 20), (3, 3)], payloads=[None, "two", None])
    case.ask("query_arrow", {"kind": "nearest", "at": (0, 0), "limit": 2}, "nearest", at=(0, 0), limit=2)
    case.ask("query_arrow", {"kind": "everywhere"}, "everywhere")
    yield book


def books():
    for family in (namespaces, reopening, doors, damage, figures, refusals, library):
        yield from family()
