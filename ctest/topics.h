/* The topics of the suite, one file each. */
#ifndef SPATIO_CTEST_TOPICS_H
#define SPATIO_CTEST_TOPICS_H

void topic_library(void);
void topic_open(void);
void topic_namespaces(void);
void topic_handles(void);
void topic_writing(void);
void topic_batches(void);
void topic_payloads(void);
void topic_ttl(void);
void topic_queries(void);
void topic_origins(void);
void topic_filters(void);
void topic_results(void);
void topic_polygons(void);
void topic_globe(void);
void topic_past(void);
void topic_distances(void);
void topic_indexes(void);
void topic_index_refusals(void);
void topic_index_sums(void);
void topic_regions(void);
void topic_triangles(void);
void topic_streams(void);
void topic_stream_refusals(void);
void topic_packs(void);
void topic_fences(void);
void topic_pack_refusals(void);
void topic_upkeep(void);
void topic_cancel(void);
void topic_logging(void);
void topic_arrow_export(void);
void topic_arrow_import(void);
void topic_persistence(void);
void topic_nulls(void);
void topic_sizes(void);
void topic_closed(void);
void topic_refusals(void);
void topic_huge(void);
void topic_threads(void);
void topic_panic(void);

#endif
