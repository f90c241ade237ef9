// The JSON Schema of scenario files, for editors: made from the forms that check them, with what has a title as a definition.
import { isObject } from '../../engine/index.ts';
import { scenarioForm } from './document.ts';

/** The text of the schema file. */
export function scenarioSchema(): string {
  const definitions: Record<string, unknown> = {};
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    if (typeof value.title === 'string') {
      const { title, ...rest } = value;
      if (!Object.hasOwn(definitions, title)) {
        definitions[title] = null;
        definitions[title] = walked(rest);
      }
      return { $ref: `#/$defs/${title}` };
    }
    return walked(value);
  };
  const walked = (value: object): object =>
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walkField(key, item)]));
  // The fields of a form may well be called "title": only what stands for a schema has one.
  const walkField = (key: string, item: unknown): unknown =>
    key === 'properties' && isObject(item)
      ? Object.fromEntries(Object.entries(item).map(([name, schema]) => [name, walk(schema)]))
      : walk(item);
  const root = walked(scenarioForm.schema);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Muster scenario',
    ...root,
    $defs: Object.fromEntries(
      Object.keys(definitions)
        .sort()
        .map((name) => [name, definitions[name]]),
    ),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
