# The module itself is made from include/spatio.h when the wheel is built.
from typing import Any

ffi: Any
