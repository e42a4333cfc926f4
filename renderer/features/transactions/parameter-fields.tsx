import type { ContractParameter } from '../../../electron/api/contract-models';
import { Button, IconButton } from '../../ui/button';
import { Select, TextField } from '../../ui/fields';
import { addsNothing, isComposite, isShort, parameterWords, unitOf } from './parameter-words';
import { faultOf } from './value-check';

/** One field for each argument the function describes. */
export function ParameterFields({
  parameters,
  args,
  tried,
  onChange,
}: {
  parameters: readonly ContractParameter[];
  args: readonly string[];
  /** Says what is wrong with fields nothing was entered in, too. */
  tried: boolean;
  onChange: (args: readonly string[]) => void;
}) {
  if (parameters.length === 0) return <p className="fields quiet">It takes no arguments.</p>;
  return (
    <div className="fields">
      {parameters.map((parameter, index) => (
        <div key={parameter.name} className={isShort(parameter) ? undefined : 'full'}>
          <ParameterField
            parameter={parameter}
            value={args[index] ?? ''}
            tried={tried}
            onChange={(value) =>
              onChange(parameters.map((_, other) => (other === index ? value : (args[other] ?? ''))))
            }
          />
        </div>
      ))}
    </div>
  );
}

function ParameterField({
  parameter,
  value,
  tried,
  onChange,
}: {
  parameter: ContractParameter;
  value: string;
  tried: boolean;
  onChange: (value: string) => void;
}) {
  const { name, type, description, schema } = parameter;
  const fault = value !== '' || tried ? faultOf(schema, value)?.words : undefined;
  const { label } = parameterWords(name);
  const hint = description && !addsNothing(description, label) ? description : undefined;
  const shared = {
    label,
    type: `${name} ${schema.format ?? type}`,
    hint: fault === undefined ? hint : undefined,
    error: fault,
  };
  const choices = schema.enum?.map(String) ?? (schema.type === 'boolean' ? ['true', 'false'] : undefined);
  if (choices) {
    return (
      <Select
        {...shared}
        choices={choices.map((choice) => ({ id: choice, text: choice === '' ? '(empty)' : choice }))}
        selected={choices.includes(value) ? value : null}
        onSelect={onChange}
      />
    );
  }
  const unit = unitOf(name, value);
  return (
    <TextField
      {...shared}
      value={value}
      onChange={onChange}
      monospace
      {...(unit && { unit })}
      {...(isComposite(schema) && { rows: 4 })}
    />
  );
}

/** Arguments of a function that describes none: texts in their order. */
export function FreeArguments({
  args,
  onChange,
}: {
  args: readonly string[];
  onChange: (args: readonly string[]) => void;
}) {
  return (
    <div className="fields free">
      {args.map((arg, index) => (
        <div key={index} className="full row-with-button">
          <TextField
            label={`Argument ${String(index + 1)}`}
            value={arg}
            monospace
            onChange={(value) => onChange(args.map((other, at) => (at === index ? value : other)))}
          />
          <IconButton
            label={`Remove argument ${String(index + 1)}`}
            icon="x"
            onPress={() => onChange(args.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="full">
        <Button small icon="plus" onPress={() => onChange([...args, ''])}>
          Add argument
        </Button>
      </div>
    </div>
  );
}
