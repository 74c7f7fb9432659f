// A consumer written with the official Go SDK: joins a consumer group, and prints every row that it is given, as "shard id".
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	sls "github.com/aliyun/aliyun-log-go-sdk"
	consumerLibrary "github.com/aliyun/aliyun-log-go-sdk/consumer"
	"github.com/go-kit/kit/log"
)

func main() {
	var option consumerLibrary.LogHubConfig
	flag.StringVar(&option.Endpoint, "endpoint", "", "")
	flag.StringVar(&option.Project, "project", "", "")
	flag.StringVar(&option.Logstore, "logstore", "", "")
	flag.StringVar(&option.ConsumerGroupName, "group", "", "")
	flag.StringVar(&option.ConsumerName, "name", "", "")
	flag.IntVar(&option.HeartbeatIntervalInSecond, "heartbeat-seconds", 20, "")
	flag.IntVar(&option.HeartbeatTimeoutInSecond, "timeout-seconds", 60, "")
	flag.Int64Var(&option.AutoCommitIntervalInMS, "commit-ms", 60_000, "")
	flag.Parse()

	option.AccessKeyID = os.Getenv("SLS_ACCESS_KEY_ID")
	option.AccessKeySecret = os.Getenv("SLS_ACCESS_KEY_SECRET")
	option.CursorPosition = consumerLibrary.BEGIN_CURSOR
	option.DisableRuntimeMetrics = true
	option.Logger = log.With(log.NewLogfmtLogger(log.NewSyncWriter(os.Stderr)), "time", log.DefaultTimestampUTC)

	printer := &printer{out: bufio.NewWriter(os.Stdout)}
	worker := consumerLibrary.InitConsumerWorkerWithCheckpointTracker(option, printer.process)
	worker.Start()
	ending := make(chan os.Signal, 1)
	signal.Notify(ending, syscall.SIGTERM)
	<-ending
	worker.StopAndWait()
}

type printer struct {
	lock sync.Mutex
	out  *bufio.Writer
}

// What is printed has left this process before the checkpoint behind it is saved.
func (p *printer) process(shard int, list *sls.LogGroupList, tracker consumerLibrary.CheckPointTracker) (string, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	for _, group := range list.LogGroups {
		for _, row := range group.Logs {
			fmt.Fprintln(p.out, shard, idOf(row))
		}
	}
	if err := p.out.Flush(); err != nil {
		return "", err
	}
	return "", tracker.SaveCheckPoint(false)
}

func idOf(row *sls.Log) string {
	for _, field := range row.Contents {
		if field.GetKey() == "id" {
			return field.GetValue()
		}
	}
	return "?"
}
