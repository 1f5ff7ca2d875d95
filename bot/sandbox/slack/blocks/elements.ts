import { z } from 'zod';
import { actionId, anyText, confirm, option, optionGroup, plainText, slackFile } from './parts.ts';

/** Interactive elements and their limits: https://docs.slack.dev/reference/block-kit/block-elements */

const placeholder = plainText(150).optional();
const focus = z.boolean().optional();
const dispatch = z.strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])) }).optional();

export const image = z.strictObject({
  type: z.literal('image'),
  alt_text: z.string().max(2000),
  image_url: z.string().max(3000).optional(),
  slack_file: slackFile.optional(),
});

export const button = z.strictObject({
  type: z.literal('button'),
  action_id: actionId,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
});

const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  action_id: actionId,
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
  initial_option: option.optional(),
  placeholder,
  confirm,
  focus_on_load: focus,
});

const multiStaticSelect = staticSelect.omit({ initial_option: true }).extend({
  type: z.literal('multi_static_select'),
  initial_options: z.array(option).optional(),
  max_selected_items: z.int().min(1).optional(),
});

const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  action_id: actionId,
  initial_user: z.string().optional(),
  placeholder,
  confirm,
  focus_on_load: focus,
});

const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  action_id: actionId,
  initial_channel: z.string().optional(),
  response_url_enabled: z.boolean().optional(),
  placeholder,
  confirm,
  focus_on_load: focus,
});

const overflow = z.strictObject({ type: z.literal('overflow'), action_id: actionId, options: z.array(option).min(1).max(5), confirm });

const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  action_id: actionId,
  options: z.array(option).min(1).max(10),
  initial_option: option.optional(),
  confirm,
  focus_on_load: focus,
});

const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: actionId,
  options: z.array(option).min(1).max(10),
  initial_options: z.array(option).optional(),
  confirm,
  focus_on_load: focus,
});

const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  action_id: actionId,
  initial_date: z.string().optional(),
  placeholder,
  confirm,
  focus_on_load: focus,
});

const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  action_id: actionId,
  initial_time: z.string().optional(),
  timezone: z.string().optional(),
  placeholder,
  confirm,
  focus_on_load: focus,
});

const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: actionId,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  dispatch_action_config: dispatch,
  focus_on_load: focus,
  placeholder,
});

const line = {
  action_id: actionId,
  initial_value: z.string().max(3000).optional(),
  dispatch_action_config: dispatch,
  focus_on_load: focus,
  placeholder,
};
const emailInput = z.strictObject({ type: z.literal('email_text_input'), ...line });
const urlInput = z.strictObject({ type: z.literal('url_text_input'), ...line });
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...line,
  is_decimal_allowed: z.boolean(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});

const feedbackButton = z.strictObject({
  text: plainText(75),
  value: z.string().max(2000),
  accessibility_label: z.string().max(75).optional(),
});
export const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  action_id: actionId,
  positive_button: feedbackButton,
  negative_button: feedbackButton,
});
export const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  action_id: actionId,
  icon: z.enum(['trash']),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
  visible_to_user_ids: z.array(z.string()).optional(),
});

const selects = [staticSelect, multiStaticSelect, usersSelect, channelsSelect, radioButtons, checkboxes, datepicker, timepicker] as const;

export const accessory = z.discriminatedUnion('type', [button, image, overflow, ...selects]);
export const actionElement = z.discriminatedUnion('type', [button, overflow, ...selects]);
export const inputElement = z.discriminatedUnion('type', [textInput, emailInput, urlInput, numberInput, ...selects]);
export const contextElement = z.discriminatedUnion('type', [image, ...anyText(3000).options]);
