from typing import Any

class Calls:
    def __init__(self, address: int, owner: Any, /) -> None: ...
    def move(self, handle: int, x: float, y: float, z: float, time_us: int, /) -> Any: ...
    def upsert(
        self,
        id: str,
        x: float,
        y: float,
        z: float,
        time_us: int,
        payload: bytes | None,
        ttl_us: int,
        /,
    ) -> Any: ...
    def put(
        self, id: str, place: tuple[float, float, float], time_us: int, payload: bytes | None, /
    ) -> bool | None: ...
    def get_by_handle(self, handle: int, /) -> Any: ...
    def get(self, id: str, /) -> Any: ...
    def ask(self, query: int, out: int, columns: int, /) -> bool | None: ...
    def count(self) -> int | None: ...

def bind(
    addresses: tuple[int, ...],
    outcomes: tuple[Any, ...],
    written: type,
    found: type,
    is_old: bool,
    /,
) -> None: ...
