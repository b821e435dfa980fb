"""A project of one's own: the files with which it begins.

Entry: `project.write`. The files are in `files`, in a folder for each answer; DISTRIBUTION in them
is replaced. It may import `errors` only.
"""
