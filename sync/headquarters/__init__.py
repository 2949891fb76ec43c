"""Headquarters: takes in sealed records once, keeps them, and sends its signed word back.

One folder holds everything: database, blobs, keys. The wire's side is `desk`, people's side is `pages`;
both stand on the same rooms below: intake, enrolment, review, publish.
"""
