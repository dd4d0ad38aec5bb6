"""The package and the header say the same: every function, every number, every struct."""

from __future__ import annotations

import re
from enum import IntEnum
from pathlib import Path

import pytest

import spatio
from spatio import _native, aio
from spatio.errors import _CLASSES

ROOT = Path(__file__).resolve().parents[3]
HEADER = (ROOT / "include" / "spatio.h").read_text(encoding="utf-8")
SOURCES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[1] / "src" / "spatio").glob("*.py")
}
NS, DB = spatio.Namespace, spatio.Database

#: Where each function of the header is found.
FUNCTIONS = {
    "spatio_abi_version": spatio.abi_version,
    "spatio_version": spatio.library_version,
    "spatio_status_name": spatio.status_name,
    "spatio_live_handles": spatio.live_handles,
    "spatio_open": DB.open,
    "spatio_close": DB.close,
    "spatio_flush": DB.flush,
    "spatio_sync": DB.sync,
    "spatio_checkpoint": DB.checkpoint,
    "spatio_sweep": DB.sweep,
    "spatio_get_stats": DB.stats,
    "spatio_get_recovery": DB.recovery,
    "spatio_recovery_text": DB.recovery,
    "spatio_namespaces": DB.namespaces,
    "spatio_check": spatio.check,
    "spatio_salvage": spatio.salvage,
    "spatio_namespace_create": DB.create_namespace,
    "spatio_namespace_open": DB.namespace,
    "spatio_namespace_settings": NS.settings,
    "spatio_count": NS.count,
    "spatio_namespace_close": NS.close,
    "spatio_intern": NS.intern,
    "spatio_intern_batch": NS.intern_batch,
    "spatio_find_handle": NS.find_handle,
    "spatio_id": NS.id,
    "spatio_ids": NS.ids,
    "spatio_upsert": NS.upsert,
    "spatio_move": NS.move,
    "spatio_move_batch": NS.move_batch,
    "spatio_upsert_batch": NS.upsert_batch,
    "spatio_insert_trajectory": NS.insert_trajectory,
    "spatio_delete": NS.delete,
    "spatio_delete_batch": NS.delete_batch,
    "spatio_get": NS.get,
    "spatio_get_by_handle": NS.get_by_handle,
    "spatio_get_payload": NS.get_payload,
    "spatio_get_batch": NS.get_batch,
    "spatio_polygon_new": spatio.Polygon,
    "spatio_polygon_contains": spatio.Polygon.contains,
    "spatio_query_run": NS.query_run,
    "spatio_query_into": NS.query_into,
    "spatio_query_radius": NS.query_radius,
    "spatio_query_box": NS.query_box,
    "spatio_query_polygon": NS.query_polygon,
    "spatio_query_near": NS.query_near,
    "spatio_knn": NS.knn,
    "spatio_convex_hull": NS.convex_hull,
    "spatio_get_bounds": NS.bounds,
    "spatio_trajectory": NS.trajectory,
    "spatio_positions_at": NS.positions_at,
    "spatio_distance_between": NS.distance_between,
    "spatio_distance_to": NS.distance_to,
    "spatio_distance": spatio.distance,
    "spatio_cancel_new": spatio.Cancel,
    "spatio_cancel_fire": spatio.Cancel.fire,
    "spatio_cancel_reset": spatio.Cancel.reset,
    "spatio_result_export_arrow": spatio.Result.__arrow_c_array__,
    "spatio_upsert_arrow": NS.upsert_arrow,
    "spatio_index_build": spatio.Index.build,
    "spatio_index_write": spatio.Index.write,
    "spatio_index_open": spatio.Index.open,
    "spatio_index_open_bytes": spatio.Index.open_bytes,
    "spatio_index_bytes": spatio.Index.to_bytes,
    "spatio_index_get_info": spatio.Index.info,
    "spatio_index_get_metadata": spatio.Index.metadata,
    "spatio_index_verify": spatio.Index.verify,
    "spatio_index_search": spatio.Index.search,
    "spatio_index_count": spatio.Index.count,
    "spatio_index_any": spatio.Index.any,
    "spatio_index_search_within": spatio.Index.search_within,
    "spatio_index_search_polygon": spatio.Index.search_polygon,
    "spatio_index_nearest": spatio.Index.nearest,
    "spatio_index_nearest_great_circle": spatio.Index.nearest_great_circle,
    "spatio_index_search_great_circle": spatio.Index.search_great_circle,
    "spatio_index_raycast": spatio.Index.raycast,
    "spatio_index_raycast_any": spatio.Index.raycast_any,
    "spatio_index_raycast_closest": spatio.Index.raycast_closest,
    "spatio_index_pairs": spatio.Index.pairs,
    "spatio_index_join": spatio.Index.join,
    "spatio_index_payload": spatio.Index.payload,
    "spatio_index_payloads": spatio.Index.payloads,
    "spatio_index_boxes": spatio.Index.boxes,
    "spatio_index_aggregate": spatio.Index.aggregate,
    "spatio_index_estimate": spatio.Index.estimate,
    "spatio_index_build_triangles": spatio.Index.build_triangles,
    "spatio_index_raycast_triangles": spatio.Index.raycast_triangles,
    "spatio_index_anti_join": spatio.Index.anti_join,
    "spatio_index_closest_pair": spatio.Index.closest_pair,
    "spatio_index_components": spatio.Index.components,
    "spatio_index_search_region": spatio.Index.search_region,
    "spatio_index_count_region": spatio.Index.count_region,
    "spatio_index_any_region": spatio.Index.any_region,
    "spatio_region_ball": spatio.Region.ball,
    "spatio_region_capsule": spatio.Region.capsule,
    "spatio_region_cone": spatio.Region.cone,
    "spatio_region_half_space": spatio.Region.half_space,
    "spatio_region_convex": spatio.Region.convex,
    "spatio_region_polygon": spatio.Region.polygon,
    "spatio_region_frustum": spatio.Region.frustum,
    "spatio_region_view_projection": spatio.Region.view_projection,
    "spatio_stream_begin": spatio.StreamIndex.open,
    "spatio_stream_open": spatio.StreamIndex.open,
    "spatio_stream_get_info": spatio.StreamIndex.info,
    "spatio_stream_search": spatio.StreamIndex.search,
    "spatio_stream_count": spatio.StreamIndex.count,
    "spatio_stream_aggregate": spatio.StreamIndex.aggregate,
    "spatio_stream_nearest": spatio.StreamIndex.nearest,
    "spatio_stream_search_region": spatio.StreamIndex.search_region,
    "spatio_stream_count_region": spatio.StreamIndex.count_region,
    "spatio_stream_search_within": spatio.StreamIndex.search_within,
    "spatio_stream_count_within": spatio.StreamIndex.count_within,
    "spatio_stream_nearest_great_circle": spatio.StreamIndex.nearest_great_circle,
    "spatio_stream_search_great_circle": spatio.StreamIndex.search_great_circle,
    "spatio_stream_raycast_closest": spatio.StreamIndex.raycast_closest,
    "spatio_stream_payloads": spatio.StreamIndex.payloads,
    "spatio_stream_prefixes": spatio.StreamIndex.prefixes,
    "spatio_fetch_spent": spatio.StreamIndex.spent,
    "spatio_freeze": NS.freeze,
    "spatio_pack_open": spatio.Pack.open,
    "spatio_pack_open_bytes": spatio.Pack.open_bytes,
    "spatio_pack_get_info": spatio.Pack.info,
    "spatio_pack_verify": spatio.Pack.verify,
    "spatio_pack_query": spatio.Pack.query_run,
    "spatio_pack_query_into": spatio.Pack.query_into,
    "spatio_pack_get": spatio.Pack.get,
    "spatio_pack_id": spatio.Pack.id,
    "spatio_pack_payload": spatio.Pack.payload,
    "spatio_fences_build": spatio.Fences.build,
    "spatio_fences_write": spatio.Fences.write,
    "spatio_fences_open": spatio.Fences.open,
    "spatio_fences_open_bytes": spatio.Fences.open_bytes,
    "spatio_fences_get_info": spatio.Fences.info,
    "spatio_fences_verify": spatio.Fences.verify,
    "spatio_fences_containing": spatio.Fences.containing,
    "spatio_fences_intersecting": spatio.Fences.intersecting,
    "spatio_fences_get": spatio.Fences.get,
    "spatio_fences_get_by_handle": spatio.Fences.get_by_handle,
}
#: What happens by itself: structs get their defaults, questions are fed, what is dropped is freed.
INTERNAL = {
    "spatio_options_init",
    "spatio_namespace_options_init",
    "spatio_query_init",
    "spatio_polygon_free",
    "spatio_result_free",
    "spatio_cancel_free",
    "spatio_index_options_init",
    "spatio_index_free",
    "spatio_region_free",
    "spatio_hits_free",
    "spatio_stream_options_init",
    "spatio_stream_free",
    "spatio_fetch_wanted",
    "spatio_fetch_feed",
    "spatio_fetch_hits",
    "spatio_fetch_count",
    "spatio_fetch_aggregate",
    "spatio_fetch_free",
    "spatio_freeze_options_init",
    "spatio_pack_free",
    "spatio_fences_free",
}
#: The columns come with every answer, by the call that fills it.
NEEDLESS = {"spatio_result_columns", "spatio_hits_columns"}

ENUMS: dict[str, type[IntEnum]] = {
    "SYNC": spatio.SyncPolicy,
    "RECOVERY": spatio.RecoveryMode,
    "LEVEL": spatio.Level,
    "HISTORY": spatio.History,
    "OUTCOME": spatio.Outcome,
    "INTERPOLATE": spatio.Interpolation,
    "METRIC": spatio.Metric,
    "INDEX": spatio.IndexLayout,
}


def bare(header: str) -> str:
    return re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)


def declared() -> set[str]:
    return set(re.findall(r"\b(spatio_[a-z0-9_]+)\s*\(", bare(HEADER)))


def numbers() -> dict[str, int]:
    found = re.findall(r"^#define SPATIO_(\w+) (0x[0-9A-F]+|\d+)U?$", HEADER, flags=re.MULTILINE)
    return {name: int(value, 0) for name, value in found}


def test_every_function_of_the_header_is_offered() -> None:
    assert len(declared()) >= 60
    assert declared() == FUNCTIONS.keys() | INTERNAL | NEEDLESS


def test_every_function_is_called() -> None:
    sources = "\n".join(SOURCES.values())
    missing = [name for name in FUNCTIONS if not re.search(rf'(lib\.|loaded\.|"){name}\b', sources)]
    assert missing == []
    assert [name for name in INTERNAL if f"lib.{name}" not in sources] == []


def test_every_number_is_known() -> None:
    known = {f"{p}_{word.name}": int(word) for p, kind in ENUMS.items() for word in kind}
    known |= {word.name: int(word) for kind in (spatio.Space, spatio.Order) for word in kind}
    for name, value in numbers().items():
        assert getattr(_native.lib, f"SPATIO_{name}") == value
        if name.startswith("QUERY_"):
            assert f"lib.SPATIO_{name}" in SOURCES["query.py"]
        elif name in known:
            assert known.pop(name) == value
    assert known == {}, "words that the header does not have"


def test_every_status_is_an_exception() -> None:
    statuses = {
        name: value
        for name, value in numbers().items()
        if value < 100 and spatio.status_name(value) == name != "OK"
    }
    assert len(statuses) >= 21
    bugs = {"BUFFER_TOO_SMALL", "OUT_OF_MEMORY", "INTERNAL", "PANIC"}
    assert {name for name, value in statuses.items() if value not in _CLASSES} == bugs


def test_structs_are_laid_out_as_the_library_has_them() -> None:
    # The defaults that the library writes are read back at the right places.
    query = _native.ffi.new("spatio_query *")
    size = _native.ffi.sizeof("spatio_query")
    _native.lib.spatio_query_init(query, size, _native.lib.SPATIO_QUERY_NEAREST)
    assert (query.struct_size, query.limit, query.radius) == (size, 0xFFFFFFFF, float("inf"))
    assert (query.since_us, query.max_age_us, query.max_altitude) == (-(2**63), -1, float("inf"))


@pytest.mark.parametrize("name", [name for name in dir(aio.Namespace) if not name.startswith("_")])
def test_what_is_awaited_has_the_name_of_what_waits(name: str) -> None:
    assert hasattr(NS, name)


def test_a_stream_that_is_awaited_has_all_that_one_has_that_waits() -> None:
    def public(kind: type) -> set[str]:
        return {name for name in dir(kind) if not name.startswith("_")}

    assert public(aio.StreamIndex) == public(spatio.StreamIndex)


def test_everything_public_is_documented() -> None:
    for name in spatio.__all__:
        value = getattr(spatio, name)
        if callable(value):
            assert value.__doc__, name
