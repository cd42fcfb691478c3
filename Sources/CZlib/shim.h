#pragma once
#include <zlib.h>

/// Begins a stream in gzip's format (RFC 1952): deflateInit2 is a macro, which Swift cannot call.
static inline int czlib_begin_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16 /* with gzip's head */, 9,
                        Z_DEFAULT_STRATEGY);
}
