"""Reading a web site: which pages to fetch, fetching them politely, and keeping them as documents.

`addresses`, `robots`, `sitemaps` and `traps` are rules without any I/O; `fetching` talks to the site,
`frontier` keeps in the database what was found, and `crawl` puts them together as a job.
"""
