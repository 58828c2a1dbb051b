import { useRef, useState } from "preact/hooks";
import { type Execution, ExecutionKind, ExecutionStatus } from "../../src/gen/connect/executions_pb";
import { CALL, errorText, executions } from "../api/clients";
import { Problem } from "./notices";
import { myName } from "./who";

/** What can be done to an execution from here: pause, go on, cancel. */
export function Actions({ execution, done }: { readonly execution: Execution; readonly done: () => Promise<void> }) {
  const { id: executionId, status, kind, paused } = execution;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const run = async (call: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await call();
      await done();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  const by = myName.value === "" ? {} : { by: myName.value };
  if (status !== ExecutionStatus.RUNNING && status !== ExecutionStatus.PENDING) return null;
  const cancel = () => {
    dialog.current?.close();
    const why = reason.trim() === "" ? {} : { reason: reason.trim() };
    void run(() => executions.cancelExecution({ id: executionId, ...why }, CALL));
  };
  return (
    <div class="actions">
      {kind === ExecutionKind.WORKFLOW &&
        (paused ? (
          <button
            type="button"
            disabled={isBusy}
            onClick={() => void run(() => executions.resumeExecution({ executionId, ...by }, CALL))}
          >
            Resume
          </button>
        ) : (
          <button
            type="button"
            disabled={isBusy}
            onClick={() => void run(() => executions.pauseExecution({ executionId, ...by }, CALL))}
          >
            Pause
          </button>
        ))}
      <button type="button" class="danger" disabled={isBusy} onClick={() => dialog.current?.showModal()}>
        Cancel…
      </button>
      <Problem text={error} />
      <dialog ref={dialog} aria-labelledby="cancel-title">
        <form
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault();
            cancel();
          }}
        >
          <h2 id="cancel-title">Cancel this execution?</h2>
          <p>What runs is stopped, and what has been done can be undone only by the definition's own compensations.</p>
          <label>
            Reason (optional)
            <input value={reason} maxLength={1_000} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          <div class="actions below">
            <button type="button" onClick={() => dialog.current?.close()}>
              Keep it running
            </button>
            <button type="submit" class="danger">
              Cancel the execution
            </button>
          </div>
        </form>
      </dialog>
    </div>
  );
}
