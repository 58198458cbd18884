"""One module a format; each has `read(data, filename, builder)` and writes what it finds into the builder."""
