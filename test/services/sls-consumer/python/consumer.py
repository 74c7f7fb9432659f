"""A consumer written with the official Python SDK: joins a consumer group, and prints every row that it is given, as "shard id"."""

import argparse
import logging
import os
import signal
import sys
import threading

from aliyun.log.consumer import ConsumerProcessorBase, ConsumerWorker, CursorPosition, LogHubConfig

printing = threading.Lock()


class Printer(ConsumerProcessorBase):
    def __init__(self, commit_ms):
        super().__init__()
        self.checkpoint_timeout = commit_ms / 1000

    def process(self, log_groups, check_point_tracker):
        rows = [row for group in log_groups.LogGroups for row in group.Logs]
        text = "".join(f"{self.shard_id} {id_of(row)}\n" for row in rows)
        # What is printed has left this process before the checkpoint behind it is saved.
        with printing:
            sys.stdout.write(text)
            sys.stdout.flush()
        self.save_checkpoint(check_point_tracker)


def id_of(row):
    return next((field.Value for field in row.Contents if field.Key == "id"), "?")


def main():
    parser = argparse.ArgumentParser()
    for name in ("endpoint", "project", "logstore", "group", "name"):
        parser.add_argument(f"-{name}", required=True)
    for name in ("heartbeat-seconds", "timeout-seconds", "commit-ms"):
        parser.add_argument(f"-{name}", required=True, type=int)
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    config = LogHubConfig(
        options.endpoint,
        os.environ["SLS_ACCESS_KEY_ID"],
        os.environ["SLS_ACCESS_KEY_SECRET"],
        options.project,
        options.logstore,
        options.group,
        options.name,
        cursor_position=CursorPosition.BEGIN_CURSOR,
        heartbeat_interval=options.heartbeat_seconds,
        data_fetch_interval=1,
    )
    # The constructor takes none: it would be two heartbeats.
    config.consumer_group_time_out = options.timeout_seconds
    worker = ConsumerWorker(Printer, consumer_option=config, args=(options.commit_ms,))
    signal.signal(signal.SIGTERM, lambda *_: worker.shutdown())
    worker.start()
    while worker.is_alive():
        worker.join(0.2)


main()
