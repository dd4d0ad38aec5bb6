//! Exchange with other libraries by the Arrow C data interface.
