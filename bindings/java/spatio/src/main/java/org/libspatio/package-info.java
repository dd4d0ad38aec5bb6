/**
 * libspatio for Java and Android: an embeddable database for moving objects.
 *
 * <p>A {@link org.libspatio.Database} holds {@link org.libspatio.Namespace}s; a namespace holds
 * objects, which have an id and a handle (a number that stands for the id in the fast calls), a
 * position, the event time of that position, and perhaps a payload. {@code x} is the longitude and
 * {@code y} the latitude in degrees (WGS84), {@code z} the altitude in metres; in a Cartesian
 * namespace all three are in one unit of your own. Times are microseconds since 1970-01-01 UTC.
 *
 * <p>An {@link org.libspatio.Index} stands apart from any database: boxes or points that do not
 * change, such as towns, roads and walls. So do a {@link org.libspatio.Pack}, the objects of a
 * namespace as they were when it was frozen into a file, and {@link org.libspatio.Fences}, polygons
 * with ids.
 *
 * <p>What fails throws a {@link org.libspatio.SpatioException}, which has a status, and changes
 * nothing. Every object may be used by any number of threads, except the containers that you hand
 * in to be filled ({@link org.libspatio.Rows}, {@link org.libspatio.DirectRows}, {@link
 * org.libspatio.Hits}, {@link org.libspatio.FoundFences}, {@link org.libspatio.Positions}, {@link
 * org.libspatio.MoveBatch}) and queries and {@link org.libspatio.FenceItems} while they are being put
 * together. Closing is safe at any time: it waits for the calls that run,
 * and calls that come later throw {@link org.libspatio.Status#CLOSED}.
 */
package org.libspatio;
