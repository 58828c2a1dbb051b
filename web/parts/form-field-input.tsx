import { choiceText, type FormField } from "../../src/definition/form-fields";

/** What stands in a field before anybody has typed. */
export function initialText({ kind, fallback }: FormField): string {
  if (fallback === undefined) return "";
  if (kind === "json") return JSON.stringify(fallback, null, 2);
  return Array.isArray(fallback) ? fallback.map(choiceText).join(",") : choiceText(fallback);
}

/** One field of a form, in the element that suits its schema. Its text is what a person would type in a terminal. */
export function FormFieldInput({
  id,
  field,
  text,
  problem,
  change,
}: {
  readonly id: string;
  readonly field: FormField;
  readonly text: string;
  readonly problem: string | null;
  readonly change: (text: string) => void;
}) {
  const name = field.path.length === 0 ? "The form" : field.path.join(".");
  const notes = [field.kind === "json" ? "JSON" : "", field.required ? "" : "optional"].filter((one) => one !== "");
  const about = [...(field.text === "" ? [] : [field.text]), ...(problem === null ? [] : [problem])].join(" – ");
  return (
    <div class="field">
      <label htmlFor={id}>
        {name}
        {notes.length > 0 && <span class="quiet"> ({notes.join(", ")})</span>}
      </label>
      <Control
        {...{ id, field, text, change }}
        describedBy={about === "" ? undefined : `${id}-about`}
        isWrong={problem !== null}
      />
      {about !== "" && (
        <span
          id={`${id}-about`}
          class={problem === null ? "quiet" : "said failed"}
          role={problem === null ? undefined : "alert"}
        >
          {about}
        </span>
      )}
    </div>
  );
}

function Control({
  id,
  field,
  text,
  change,
  describedBy,
  isWrong,
}: {
  readonly id: string;
  readonly field: FormField;
  readonly text: string;
  readonly change: (text: string) => void;
  readonly describedBy: string | undefined;
  readonly isWrong: boolean;
}) {
  const shared = {
    id,
    ...(describedBy === undefined ? {} : { "aria-describedby": describedBy }),
    ...(isWrong ? { "aria-invalid": true } : {}),
  };
  switch (field.kind) {
    case "boolean":
    case "choice": {
      const choices = field.kind === "boolean" ? ["true", "false"] : field.choices.map(choiceText);
      const shown = field.kind === "boolean" ? ["yes", "no"] : choices;
      return (
        <select {...shared} value={text} onChange={(event) => change(event.currentTarget.value)}>
          <option value="">{field.required ? "choose…" : "(leave out)"}</option>
          {choices.map((choice, index) => (
            <option key={choice} value={choice}>
              {shown[index]}
            </option>
          ))}
        </select>
      );
    }
    case "choices": {
      const chosen = text.split(",").filter((one) => one !== "");
      return (
        <select
          {...shared}
          multiple
          onChange={(event) => change(Array.from(event.currentTarget.selectedOptions, ({ value }) => value).join(","))}
        >
          {field.choices.map(choiceText).map((choice) => (
            <option key={choice} selected={chosen.includes(choice)}>
              {choice}
            </option>
          ))}
        </select>
      );
    }
    case "json":
      return (
        <textarea
          {...shared}
          rows={4}
          spellcheck={false}
          value={text}
          onInput={(event) => change(event.currentTarget.value)}
        />
      );
    case "integer":
    case "number":
    case "string":
      return (
        <input
          {...shared}
          {...(field.kind === "string" ? {} : { inputMode: "decimal" as const })}
          value={text}
          onInput={(event) => change(event.currentTarget.value)}
        />
      );
  }
}
