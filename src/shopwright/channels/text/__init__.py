"""One reading of Markdown for all channels, cut to their limits, and lists of choices answered by number."""
