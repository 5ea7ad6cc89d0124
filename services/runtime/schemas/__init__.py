"""The contract of the messages, made from their models: JSON Schemas, an AsyncAPI document and a page to read; and what
of a change would break those who send the messages or read them.
"""
