package spatio

/*
#include <spatio.h>

#if SPATIO_ABI_VERSION != 1
#error "this package was written for version 1 of the interface of libspatio; see spatio.h"
#endif
*/
import "C"

import "fmt"

// abiVersion is the version of the interface that this package was written for.
const abiVersion uint32 = C.SPATIO_ABI_VERSION

// misfit says why this package cannot use the library that was loaded; nil if it can.
var misfit = fits(abiVersion, ABIVersion())

// fits compares the interface that the package wants with the one that the library has.
func fits(wanted, loaded uint32) error {
	if wanted == loaded {
		return nil
	}
	return &Error{
		Code: ErrUnsupported, Op: "load", Row: -1, Offset: -1,
		Message: fmt.Sprintf("load: this package needs libspatio with ABI version %d, "+
			"but the library that was loaded (%s) has version %d; "+
			"install the libspatio that belongs to this package", wanted, Version(), loaded),
	}
}

// ABIVersion is the version of the interface that the loaded library has. [Open] and whatever else
// needs no open database fail if it is not the one that this package was written for.
func ABIVersion() uint32 {
	return uint32(C.spatio_abi_version())
}

// Version is the version of the loaded library, such as "0.1.0".
func Version() string {
	return C.GoString(C.spatio_version())
}

// LiveHandles counts the databases, namespaces, results, polygons, indexes, hits, packs, fences and
// cancels of the whole process that the library gave out and that were not freed: 0 once everything
// is closed. For tests.
func LiveHandles() uint64 {
	return uint64(C.spatio_live_handles())
}
