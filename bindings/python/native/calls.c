/*
 * The module spatio._calls: the quickest calls of a namespace without the toll of cffi.
 *
 * Owns: taking numbers and texts out of Python's objects, and answers back. Does not own errors:
 * each method answers None unless everything went well, and then the caller goes the way of cffi,
 * which makes the call (again) and raises what there is to raise. What was refused changed nothing,
 * so that asking twice is harmless. Invariants: the interpreter's lock is let go of while the
 * library works; a handle is alive during a call, because its owner is kept by the object whose
 * method runs. It is compiled against Python's stable interface, so that one file serves every
 * version, and takes the library's functions as addresses, so that it need not find the library.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030a0000
#include <Python.h>

#include <spatio.h>

static struct {
    spatio_status (*move)(const spatio_namespace *, uint64_t, double, double, double, int64_t,
                          uint32_t *, spatio_error *);
    spatio_status (*upsert)(const spatio_namespace *, const char *, size_t, double, double, double,
                            int64_t, const uint8_t *, size_t, int64_t, uint64_t *, uint32_t *,
                            spatio_error *);
    spatio_status (*get_by_handle)(const spatio_namespace *, uint64_t, spatio_object *,
                                   spatio_error *);
    spatio_status (*get)(const spatio_namespace *, const char *, size_t, spatio_object *,
                         spatio_error *);
    spatio_status (*count)(const spatio_namespace *, uint64_t *, spatio_error *);
    spatio_status (*query_run)(const spatio_namespace *, const spatio_query *, size_t,
                               spatio_cancel *, spatio_result **, spatio_columns *,
                               spatio_error *);
    /* The outcomes by their number, the two classes of named tuples, and what makes tuples. */
    PyObject *outcomes;
    PyTypeObject *written, *object;
    newfunc new_tuple;
    /* Makes an empty one to be filled; NULL where a tuple has more to it than its parts. */
    allocfunc empty_tuple;
} bound;

typedef struct {
    PyObject_HEAD
    const spatio_namespace *ns;
    PyObject *owner;
} calls;

/* Whatever is wrong, the way of cffi will find it too, and say it better. */
static PyObject *leave(void)
{
    PyErr_Clear();
    Py_RETURN_NONE;
}

/* Each of the following is 0 on failure. */

static int take_u64(PyObject *from, uint64_t *to)
{
    PyObject *number;
    if (PyLong_Check(from)) {
        *to = PyLong_AsUnsignedLongLong(from);
        return !(*to == UINT64_MAX && PyErr_Occurred());
    }
    number = PyNumber_Index(from);
    if (number == NULL) return 0;
    *to = PyLong_AsUnsignedLongLong(number);
    Py_DECREF(number);
    return !(*to == UINT64_MAX && PyErr_Occurred());
}

static int take_i64(PyObject *from, int64_t *to)
{
    if (!PyLong_Check(from)) return 0;
    *to = PyLong_AsLongLong(from);
    return !(*to == -1 && PyErr_Occurred());
}

static int take_double(PyObject *from, double *to)
{
    *to = PyFloat_AsDouble(from);
    return !(*to == -1.0 && PyErr_Occurred());
}

static int take_place(PyObject *const *from, double place[3])
{
    return take_double(from[0], &place[0]) && take_double(from[1], &place[1]) &&
           take_double(from[2], &place[2]);
}

static const char *take_text(PyObject *from, Py_ssize_t *length)
{
    return PyUnicode_Check(from) ? PyUnicode_AsUTF8AndSize(from, length) : NULL;
}

/* None is no payload: what the object has stays. */
static int take_payload(PyObject *from, const uint8_t **bytes, size_t *length)
{
    char *data;
    Py_ssize_t size;
    *bytes = NULL;
    *length = 0;
    if (from == Py_None) return 1;
    if (!PyBytes_Check(from) || PyBytes_AsStringAndSize(from, &data, &size) != 0) return 0;
    *bytes = (const uint8_t *)data;
    *length = (size_t)size;
    return 1;
}

/* A named tuple of so many parts, which are taken; one of them may be NULL with an exception. */
static PyObject *named(PyTypeObject *type, PyObject *const *parts, Py_ssize_t n)
{
    PyObject *plain, *given, *made;
    int is_whole;
    plain = bound.empty_tuple != NULL ? bound.empty_tuple(type, n) : PyTuple_New(n);
    is_whole = plain != NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        is_whole &= parts[i] != NULL;
        if (plain == NULL)
            Py_XDECREF(parts[i]);
        else if (parts[i] != NULL)
            PyTuple_SetItem(plain, i, parts[i]);
    }
    if (is_whole && bound.empty_tuple != NULL) return plain;
    /* The way of `tuple.__new__`, without the search for it. */
    given = is_whole ? PyTuple_Pack(1, plain) : NULL;
    Py_XDECREF(plain);
    if (given == NULL) return leave();
    made = bound.new_tuple(type, given, NULL);
    Py_DECREF(given);
    return made != NULL ? made : leave();
}

/* NULL with an exception, if the library has outcomes that this module does not know. */
static PyObject *outcome_of(uint32_t outcome)
{
    PyObject *told = PyTuple_GetItem(bound.outcomes, (Py_ssize_t)outcome);
    Py_XINCREF(told);
    return told;
}

/* move(handle, x, y, z, time_us) */
static PyObject *calls_move(PyObject *self, PyObject *const *given, Py_ssize_t n)
{
    const spatio_namespace *ns = ((calls *)self)->ns;
    uint64_t handle;
    double at[3];
    int64_t time_us;
    uint32_t outcome = 0;
    spatio_status status;
    if (n != 5 || !take_u64(given[0], &handle) || !take_place(given + 1, at) ||
        !take_i64(given[4], &time_us))
        return leave();
    Py_BEGIN_ALLOW_THREADS
    status = bound.move(ns, handle, at[0], at[1], at[2], time_us, &outcome, NULL);
    Py_END_ALLOW_THREADS
    PyObject *told = status == SPATIO_OK ? outcome_of(outcome) : NULL;
    return told != NULL ? told : leave();
}

/* upsert(id, x, y, z, time_us, payload, ttl_us) */
static PyObject *calls_upsert(PyObject *self, PyObject *const *given, Py_ssize_t n)
{
    const spatio_namespace *ns = ((calls *)self)->ns;
    const char *id;
    const uint8_t *payload;
    Py_ssize_t length;
    size_t payload_length;
    double at[3];
    int64_t time_us, ttl_us;
    uint64_t handle = 0;
    uint32_t outcome = 0;
    spatio_status status;
    if (n != 7 || (id = take_text(given[0], &length)) == NULL || !take_place(given + 1, at) ||
        !take_i64(given[4], &time_us) || !take_payload(given[5], &payload, &payload_length) ||
        !take_i64(given[6], &ttl_us))
        return leave();
    Py_BEGIN_ALLOW_THREADS
    status = bound.upsert(ns, id, (size_t)length, at[0], at[1], at[2], time_us, payload,
                          payload_length, ttl_us, &handle, &outcome, NULL);
    Py_END_ALLOW_THREADS
    if (status != SPATIO_OK) return leave();
    PyObject *const parts[] = {PyLong_FromUnsignedLongLong(handle), outcome_of(outcome)};
    return named(bound.written, parts, 2);
}

/* put(id, (x, y, z), time_us, payload): an upsert of which only is told that it was done */
static PyObject *calls_put(PyObject *self, PyObject *const *given, Py_ssize_t n)
{
    const spatio_namespace *ns = ((calls *)self)->ns;
    const char *id;
    const uint8_t *payload;
    Py_ssize_t length;
    size_t payload_length;
    PyObject *place[3];
    double at[3];
    int64_t time_us;
    spatio_status status;
    if (n != 4 || (id = take_text(given[0], &length)) == NULL || !PyTuple_Check(given[1]) ||
        PyTuple_Size(given[1]) != 3)
        return leave();
    for (int i = 0; i < 3; i++) place[i] = PyTuple_GetItem(given[1], i);
    if (!take_place(place, at) || !take_i64(given[2], &time_us) ||
        !take_payload(given[3], &payload, &payload_length))
        return leave();
    Py_BEGIN_ALLOW_THREADS
    status = bound.upsert(ns, id, (size_t)length, at[0], at[1], at[2], time_us, payload,
                          payload_length, 0, NULL, NULL, NULL);
    Py_END_ALLOW_THREADS
    if (status != SPATIO_OK) return leave();
    Py_RETURN_TRUE;
}

/* An Object; None, if there is a payload to be fetched. */
static PyObject *object_of(const spatio_object *object)
{
    PyObject *expires, *none = Py_None;
    if (object->payload_length > 0) return leave();
    if (object->expires_us == INT64_MAX) {
        Py_INCREF(none);
        expires = none;
    } else {
        expires = PyLong_FromLongLong(object->expires_us);
    }
    Py_INCREF(none);
    PyObject *const parts[] = {PyLong_FromUnsignedLongLong(object->handle),
                               PyFloat_FromDouble(object->x), PyFloat_FromDouble(object->y),
                               PyFloat_FromDouble(object->z), PyLong_FromLongLong(object->time_us),
                               expires, none};
    return named(bound.object, parts, 7);
}

/* get_by_handle(handle) */
static PyObject *calls_get_by_handle(PyObject *self, PyObject *given)
{
    const spatio_namespace *ns = ((calls *)self)->ns;
    uint64_t handle;
    spatio_object object;
    spatio_status status;
    object.struct_size = sizeof object;
    if (!take_u64(given, &handle)) return leave();
    Py_BEGIN_ALLOW_THREADS
    status = bound.get_by_handle(ns, handle, &object, NULL);
    Py_END_ALLOW_THREADS
    return status == SPATIO_OK ? object_of(&object) : leave();
}

/* get(id) */
static PyObject *calls_get(PyObject *self, PyObject *given)
{
    const spatio_namespace *ns = ((calls *)self)->ns;
    Py_ssize_t length;
    const char *id = take_text(given, &length);
    spatio_object object;
    spatio_status status;
    object.struct_size = sizeof object;
    if (id == NULL) return leave();
    Py_BEGIN_ALLOW_THREADS
    status = bound.get(ns, id, (size_t)length, &object, NULL);
    Py_END_ALLOW_THREADS
    return status == SPATIO_OK ? object_of(&object) : leave();
}

/* ask(query, result, columns): by their addresses, which the caller keeps alive */
static PyObject *calls_ask(PyObject *self, PyObject *const *given, Py_ssize_t n)
{
    const spatio_namespace *ns = ((calls *)self)->ns;
    uint64_t at[3];
    spatio_status status;
    if (n != 3 || !take_u64(given[0], &at[0]) || !take_u64(given[1], &at[1]) ||
        !take_u64(given[2], &at[2]))
        return leave();
    Py_BEGIN_ALLOW_THREADS
    status = bound.query_run(ns, (const spatio_query *)(uintptr_t)at[0], 1, NULL,
                             (spatio_result **)(uintptr_t)at[1],
                             (spatio_columns *)(uintptr_t)at[2], NULL);
    Py_END_ALLOW_THREADS
    if (status != SPATIO_OK) return leave();
    Py_RETURN_TRUE;
}

/* count() */
static PyObject *calls_count(PyObject *self, PyObject *nothing)
{
    const spatio_namespace *ns = ((calls *)self)->ns;
    uint64_t objects = 0;
    spatio_status status;
    (void)nothing;
    Py_BEGIN_ALLOW_THREADS
    status = bound.count(ns, &objects, NULL);
    Py_END_ALLOW_THREADS
    return status == SPATIO_OK ? PyLong_FromUnsignedLongLong(objects) : leave();
}

static PyMethodDef calls_methods[] = {
    {"move", (PyCFunction)(void (*)(void))calls_move, METH_FASTCALL, NULL},
    {"upsert", (PyCFunction)(void (*)(void))calls_upsert, METH_FASTCALL, NULL},
    {"put", (PyCFunction)(void (*)(void))calls_put, METH_FASTCALL, NULL},
    {"ask", (PyCFunction)(void (*)(void))calls_ask, METH_FASTCALL, NULL},
    {"get_by_handle", calls_get_by_handle, METH_O, NULL},
    {"get", calls_get, METH_O, NULL},
    {"count", calls_count, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

/* Calls(address of a namespace, what keeps it alive) */
static int calls_init(PyObject *self, PyObject *given, PyObject *names)
{
    unsigned long long address;
    PyObject *owner;
    calls *made = (calls *)self;
    (void)names;
    if (made->owner != NULL) {
        PyErr_SetString(PyExc_TypeError, "Calls is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(given, "KO", &address, &owner)) return -1;
    Py_INCREF(owner);
    made->ns = (const spatio_namespace *)(uintptr_t)address;
    made->owner = owner;
    return 0;
}

static void calls_free(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    Py_XDECREF(((calls *)self)->owner);
    release(self);
    Py_DECREF(type);
}

static PyType_Slot calls_slots[] = {
    {Py_tp_init, (void *)calls_init},
    {Py_tp_dealloc, (void *)calls_free},
    {Py_tp_methods, calls_methods},
    {0, NULL},
};

static PyType_Spec calls_spec = {
    "spatio._calls.Calls", sizeof(calls), 0, Py_TPFLAGS_DEFAULT, calls_slots,
};

/* bind(addresses, outcomes, Written, Object, whether this is CPython 3.13 or older): before the first
   call. The addresses are those of spatio_move, upsert, get_by_handle, get, count and
   query_run. */
static PyObject *module_bind(PyObject *module, PyObject *given)
{
    unsigned long long at[6];
    PyObject *outcomes, *written, *object;
    int is_old;
    (void)module;
    if (!PyArg_ParseTuple(given, "(KKKKKK)O!O!O!p", &at[0], &at[1], &at[2], &at[3], &at[4],
                          &at[5], &PyTuple_Type, &outcomes, &PyType_Type, &written, &PyType_Type, &object,
                          &is_old))
        return NULL;
    *(void **)&bound.move = (void *)(uintptr_t)at[0];
    *(void **)&bound.upsert = (void *)(uintptr_t)at[1];
    *(void **)&bound.get_by_handle = (void *)(uintptr_t)at[2];
    *(void **)&bound.get = (void *)(uintptr_t)at[3];
    *(void **)&bound.count = (void *)(uintptr_t)at[4];
    *(void **)&bound.query_run = (void *)(uintptr_t)at[5];
    /* They last as long as the program. */
    Py_INCREF(outcomes);
    Py_INCREF(written);
    Py_INCREF(object);
    bound.outcomes = outcomes;
    bound.written = (PyTypeObject *)written;
    bound.object = (PyTypeObject *)object;
    bound.new_tuple = (newfunc)PyType_GetSlot(&PyTuple_Type, Py_tp_new);
    /* Up to CPython 3.13 `tuple.__new__` does no more than this; 3.14 keeps a hash in there too. */
    bound.empty_tuple = NULL;
    if (is_old) bound.empty_tuple = (allocfunc)PyType_GetSlot(bound.object, Py_tp_alloc);
    Py_RETURN_NONE;
}

static PyMethodDef module_methods[] = {
    {"bind", module_bind, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_calls", NULL, -1, module_methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__calls(void)
{
    PyObject *made = PyModule_Create(&module);
    PyObject *type = PyType_FromSpec(&calls_spec);
    if (made == NULL || type == NULL || PyModule_AddObject(made, "Calls", type) != 0) {
        Py_XDECREF(type);
        Py_XDECREF(made);
        return NULL;
    }
    return made;
}
