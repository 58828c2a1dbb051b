import { useId, useRef, useState } from "preact/hooks";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/core/json";
import { formFields } from "../../src/definition/form-fields";
import { type Approval, ApprovalTimeout } from "../../src/gen/connect/executions_pb";
import { CALL, errorText, executions } from "../api/clients";
import { countApprovals } from "../feed/approval-count";
import { FormFieldInput, initialText } from "./form-field-input";
import { Problem } from "./notices";
import { readForm } from "./read-form";
import { Time } from "./times";
import { useLoadedOnce } from "./use-polling";
import { myName } from "./who";

/** Something that waits for a person, with all that the answer needs. */
export function ApprovalCard({
  approval,
  showExecution,
  answered,
}: {
  readonly approval: Approval;
  readonly showExecution: boolean;
  readonly answered: () => Promise<void>;
}) {
  const { executionId, workflowName, workflowId, nodeId, nodeName, waitingSince, waitsUntil, brief } = approval;
  return (
    <article class="approval" aria-label={`Approval ${nodeName}`}>
      <div class="heading">
        <h2>{nodeName}</h2>
        {nodeName !== nodeId && <code class="quiet">{nodeId}</code>}
      </div>
      <p class="quiet">
        {showExecution && (
          <>
            <a href={`/executions/${executionId}?node=${encodeURIComponent(nodeId)}`}>{workflowName || workflowId}</a>
            {" · "}
          </>
        )}
        since <Time at={waitingSince} />
        {waitsUntil !== undefined && (
          <>
            {" · until "}
            <Time at={waitsUntil} />
            {TIMEOUTS[approval.onTimeout]}
          </>
        )}
      </p>
      {brief ? (
        <WholeForm approval={approval} answered={answered} />
      ) : (
        <Answer approval={approval} answered={answered} />
      )}
    </article>
  );
}

const TIMEOUTS: Readonly<Record<ApprovalTimeout, string>> = {
  [ApprovalTimeout.UNSPECIFIED]: "",
  [ApprovalTimeout.FAIL]: ", then it fails",
  [ApprovalTimeout.APPROVE]: ", then it counts as approved",
  [ApprovalTimeout.REJECT]: ", then it counts as rejected",
};

interface AnswerProps {
  readonly approval: Approval;
  readonly answered: () => Promise<void>;
}

/** What is too large for the inbox stands in the node's input. */
function WholeForm({ approval, answered }: AnswerProps) {
  const { executionId, nodeId } = approval;
  const load = async (): Promise<Approval> => {
    const state = await executions.getExecutionState({ executionId, nodeId }, CALL);
    const input = JSON.parse(state.nodes.find(({ id }) => id === nodeId)?.input?.json ?? "{}") as JsonValue;
    const { message, schema, approvers } = isJsonObject(input) ? input : ({} as JsonObject);
    return {
      ...approval,
      message: typeof message === "string" ? message : approval.message,
      approvers: Array.isArray(approvers) ? approvers.map(String) : [],
      ...(isJsonObject(schema) ? { formSchema: JSON.stringify(schema) } : {}),
    };
  };
  const { value, error, reload } = useLoadedOnce(`${executionId} ${nodeId}`, load);
  if (value !== null) return <Answer approval={value} answered={answered} />;
  return error === null ? <p class="quiet">…</p> : <Problem text={error} retry={() => void reload()} />;
}

function Answer({ approval, answered }: AnswerProps) {
  const { executionId, nodeId, message, approvers } = approval;
  const schema = parsedSchema(approval.formSchema);
  const fields = schema === null ? [] : formFields(schema);
  const id = useId();
  const [texts, setTexts] = useState<readonly string[]>(() => fields.map(initialText));
  const [problems, setProblems] = useState<readonly (string | null)[]>([]);
  const [by, setBy] = useState(approvers.includes(myName.value) || approvers.length === 0 ? myName.value : "");
  const [comment, setComment] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const named = useRef({ answer: "", requestId: "" });
  /** One name for all tries of one answer, so that what was lost on its way back is not refused as a second one. */
  const requestIdOf = (answer: string) => {
    if (named.current.answer !== answer) named.current = { answer, requestId: newRequestId() };
    return named.current.requestId;
  };

  const answer = async (approved: boolean) => {
    const { form, problems: wrong } = readForm(fields, texts, approved);
    setProblems(wrong);
    setError(null);
    if (wrong.some((problem) => problem !== null)) return;
    setBusy(true);
    try {
      const who = by.trim();
      const given = {
        approved,
        ...(form === undefined ? {} : { form: JSON.stringify(form) }),
        ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
        ...(who === "" ? {} : { by: who }),
      };
      const requestId = requestIdOf(JSON.stringify(given));
      await executions.answerApproval({ executionId, nodeId, requestId, ...given }, CALL);
      if (who !== "") myName.value = who;
      await Promise.all([answered(), countApprovals()]);
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="answer"
      onSubmit={(event) => {
        event.preventDefault();
        void answer(true);
      }}
    >
      {message !== "" && <p class="message">{message}</p>}
      <div class="fields">
        {fields.map((field, index) => (
          <FormFieldInput
            key={field.path.join(".")}
            id={`${id}-${index}`}
            field={field}
            text={texts[index] ?? ""}
            problem={problems[index] ?? null}
            change={(text) => setTexts(texts.with(index, text))}
          />
        ))}
      </div>
      <div class="two">
        <Name approvers={approvers} by={by} change={setBy} />
        <div class="field">
          <label htmlFor={`${id}-comment`}>Comment (optional)</label>
          <input
            id={`${id}-comment`}
            value={comment}
            maxLength={4_000}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        </div>
      </div>
      <Problem text={error} />
      <div class="actions">
        <button type="submit" class="primary" disabled={isBusy}>
          Approve
        </button>
        <button type="button" class="danger" disabled={isBusy} onClick={() => void answer(false)}>
          Reject
        </button>
      </div>
    </form>
  );
}

/** One of those who may answer, where the approval names them. */
function Name({
  approvers,
  by,
  change,
}: {
  readonly approvers: readonly string[];
  readonly by: string;
  readonly change: (name: string) => void;
}) {
  const id = useId();
  const isFree = approvers.length === 0;
  return (
    <div class="field">
      <label htmlFor={id}>{isFree ? "Your name (optional)" : "Your name"}</label>
      {isFree ? (
        <input
          id={id}
          value={by}
          maxLength={255}
          autocomplete="name"
          onInput={(event) => change(event.currentTarget.value)}
        />
      ) : (
        <select id={id} value={by} required onChange={(event) => change(event.currentTarget.value)}>
          <option value="">choose…</option>
          {approvers.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
    </div>
  );
}

function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function parsedSchema(text: string | undefined): JsonObject | null {
  if (text === undefined) return null;
  const schema = JSON.parse(text) as JsonValue;
  return isJsonObject(schema) ? schema : null;
}
